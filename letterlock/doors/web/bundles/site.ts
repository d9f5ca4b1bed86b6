/** What every page loads: the frame's islands, and those of reading. */

import "../../frame/islands/htmx-set-up";
import "../../frame/islands/local-time";
import "../../frame/islands/modal-dialog";
import "../../frame/islands/notice-board";
import "../../frame/islands/page-changes";
import "../islands/letter-opener";
import "../islands/message-list";
import "../islands/password-field";
import "../islands/print-letter";
import "../islands/slip-sheet";
