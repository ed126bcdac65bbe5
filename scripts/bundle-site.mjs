// Writes packages/site/assets: the script and the style of sites. `npm run build` and `pnpm pack` run it.

import { writeSiteAssets } from "./site-assets.mjs";

await writeSiteAssets();
