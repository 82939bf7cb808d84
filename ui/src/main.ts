import "$lib/styles/app.css";
import { mount } from "svelte";
import App from "./App.svelte";
import { first } from "$lib/app/first";
import { session } from "$lib/app/session.svelte";
import { type Backend, useBackend } from "$lib/backend/backend";
import { tauriBackend } from "$lib/backend/tauri";

function show(backend: Backend): void {
  useBackend(backend);
  void session.load(first());
  const target = document.getElementById("app");
  if (target) mount(App, { target });
}

// A plain browser shows an invented clinic; a product build leaves that out.
if (import.meta.env.MODE !== "production" && !("__TAURI_INTERNALS__" in window)) {
  void import("$lib/backend/memory").then(({ memoryBackend }) => show(memoryBackend()));
} else {
  show(tauriBackend);
}
