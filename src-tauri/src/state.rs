//! What the shell keeps between commands: the application and nothing else. Use cases run off the window's thread.

use std::sync::Arc;

use clinic_app::{Actor, Answer, App, AppError};
use tauri::State;

/// The application as Tauri holds it.
pub struct Shell(pub Arc<App>);

/// The shell as a command gets it.
pub type Host<'a> = State<'a, Shell>;

impl Shell {
    /// Runs a use case that needs nobody signed in.
    ///
    /// # Errors
    /// Whatever the use case answers.
    pub async fn open<T: Send + 'static>(
        &self,
        run: impl FnOnce(&App) -> Answer<T> + Send + 'static,
    ) -> Answer<T> {
        let app = Arc::clone(&self.0);
        tauri::async_runtime::spawn_blocking(move || run(&app))
            .await
            .unwrap_or_else(|fault| Err(AppError::internal(&fault)))
    }

    /// Runs a use case as whoever is signed in at this desk.
    ///
    /// # Errors
    /// [`AppError::NotSignedIn`], [`AppError::Locked`]; whatever the use case answers.
    pub async fn signed_in<T: Send + 'static>(
        &self,
        run: impl FnOnce(&App, Actor) -> Answer<T> + Send + 'static,
    ) -> Answer<T> {
        self.open(move |app| {
            let actor = app.actor()?;
            run(app, actor)
        })
        .await
    }
}
