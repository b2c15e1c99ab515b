// What every page has. Each element improves what the server has sent; none is needed.
import "./parts/copy-link";
import "./parts/copy-table";
import "./parts/filter-form";
import "./parts/key-help";
import "./parts/print-date";
import "./parts/save-png";
import "./parts/site-search";
import "./parts/theme-switch";
