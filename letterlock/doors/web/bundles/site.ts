/** Everything a reading page needs; the first bundle of every page. */

import "../../frame/islands/htmx-set-up";
import "../../frame/islands/local-time";
import "../../frame/islands/modal-dialog";
