// What every page has. Each element improves what the server has sent; none is needed.
import "./parts/filter-form";
import "./parts/key-help";
import "./parts/print-date";
import "./parts/site-search";
import "./parts/theme-switch";
