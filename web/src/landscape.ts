// The landscape: evidence in place, and the address to copy. Neither is needed.
import "./parts/copy-address";
import "./parts/evidence-dialog";
