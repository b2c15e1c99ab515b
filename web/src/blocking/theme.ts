// Runs before anything is drawn, so that no page flashes in the other colours. It is the one script
// that blocks, and a few hundred bytes. Without it, a page follows the system.
//
// What was chosen is kept in the browser, not in a cookie: the same bytes serve every reader, and
// services on other ports of one machine do not share it.
import { apply, chosen } from "../parts/theming";

apply(chosen());
