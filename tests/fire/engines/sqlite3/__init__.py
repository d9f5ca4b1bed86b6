"""Django's back end for this database, with an instant before and after each commit."""
