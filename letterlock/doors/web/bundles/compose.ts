/** What the compose page needs on top of `site`. */

import "../islands/recipient-check";
import "../islands/letter-editor";
import "../islands/send-secure";
