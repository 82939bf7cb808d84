import { fileURLToPath } from "node:url";
import { svelte } from "@sveltejs/vite-plugin-svelte";
import tailwindcss from "@tailwindcss/vite";
import { defineConfig } from "vitest/config";

const at = (path: string): string => fileURLToPath(new URL(path, import.meta.url));

export default defineConfig({
  plugins: [tailwindcss(), svelte()],
  resolve: { alias: { $lib: at("./src/lib"), $features: at("./src/features") } },
  build: {
    outDir: "dist",
    target: "safari18",
    // The strict content policy allows no inline data; small fonts and pictures stay files.
    assetsInlineLimit: 0,
    chunkSizeWarningLimit: 500,
  },
  server: { port: 5173, strictPort: true },
  clearScreen: false,
  test: { include: ["src/**/*.test.ts"], environment: "node" },
});
