import "$lib/styles/app.css";
import { mount } from "svelte";
import App from "./App.svelte";
import { type Backend, useBackend } from "$lib/backend/backend";

async function choose(): Promise<Backend> {
  // A plain browser shows an invented clinic; a product build leaves that out.
  if (import.meta.env.MODE !== "production" && !("__TAURI_INTERNALS__" in window)) {
    return (await import("$lib/backend/memory")).memoryBackend();
  }
  return (await import("$lib/backend/tauri")).tauriBackend;
}

useBackend(await choose());
const target = document.getElementById("app");
if (target) mount(App, { target });
