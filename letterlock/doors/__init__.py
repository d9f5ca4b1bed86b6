"""How the outside comes in; doors translate and decide nothing."""
