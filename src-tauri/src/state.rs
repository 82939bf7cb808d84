//! What the shell keeps between commands: the application, and the two ways out to the windows. Use cases run off the
//! window's thread.

use std::path::PathBuf;
use std::sync::Arc;

use clinic_app::identity::view::{SessionState, StartState};
use clinic_app::{Actor, Answer, App, AppError};
use specta::Types;
use specta::datatype::DataType;
use specta::function::FunctionArg;
use tauri::ipc::{CommandArg, CommandItem, InvokeError};
use tauri::{Runtime, State};

use crate::first::First;
use crate::logs;

/// The application as Tauri holds it.
pub struct Shell {
    /// The application.
    pub app: Arc<App>,
    /// What the first page is told.
    pub first: Arc<First>,
    /// Where the windows are.
    pub windows: Box<dyn Windows>,
}

/// What commands may ask of the desktop; tests have no windows.
pub trait Windows: Send + Sync {
    /// Tells every window that the session of this desk is another one.
    fn session_changed(&self, app: &App);

    /// The folder that this person looks for new files in.
    ///
    /// # Errors
    /// The system names none.
    fn export_folder(&self) -> Answer<PathBuf>;

    /// Opens the second window, or brings it to the front.
    ///
    /// # Errors
    /// The window system refuses.
    fn open_second(&self) -> Answer<()>;
}

/// The shell as a command gets it: with the name of the command, under which it is logged.
pub struct Host<'a> {
    shell: State<'a, Shell>,
    command: &'static str,
}

impl<'de, R: Runtime> CommandArg<'de, R> for Host<'de> {
    fn from_command(command: CommandItem<'de, R>) -> Result<Self, InvokeError> {
        let name = command.name;
        Ok(Self { shell: State::from_command(command)?, command: name })
    }
}

/// The page sends nothing for it.
impl FunctionArg for Host<'_> {
    fn to_datatype(_: &mut Types) -> Option<DataType> {
        None
    }
}

impl Host<'_> {
    /// Where the windows are.
    pub fn windows(&self) -> &dyn Windows {
        &*self.shell.windows
    }

    /// Runs a use case that needs nobody signed in.
    ///
    /// # Errors
    /// Whatever the use case answers.
    pub async fn open<T: Send + 'static>(
        &self,
        run: impl FnOnce(&App) -> Answer<T> + Send + 'static,
    ) -> Answer<T> {
        let (app, command) = (Arc::clone(&self.shell.app), self.command);
        tauri::async_runtime::spawn_blocking(move || logs::command(command, &app, run))
            .await
            .unwrap_or_else(|fault| Err(AppError::internal(&fault)))
    }

    /// What the program found at start. The first who asks hears what was found while the windows opened.
    ///
    /// # Errors
    /// Whatever the use case answers.
    pub async fn start(&self) -> Answer<StartState> {
        let first = Arc::clone(&self.shell.first);
        self.open(move |app| first.wait().unwrap_or_else(|| app.start())).await
    }

    /// Runs a use case that ends with another session at this desk, and tells the other windows.
    ///
    /// # Errors
    /// Whatever the use case answers.
    pub async fn session(
        &self,
        run: impl FnOnce(&App) -> Answer<SessionState> + Send + 'static,
    ) -> Answer<SessionState> {
        let state = self.open(run).await?;
        self.windows().session_changed(&self.shell.app);
        Ok(state)
    }

    /// Runs a use case that sets up a second factor, as whoever is signed in or must set one up to be.
    ///
    /// # Errors
    /// [`AppError::NotSignedIn`], [`AppError::Locked`]; whatever the use case answers.
    pub async fn enrolling<T: Send + 'static>(
        &self,
        run: impl FnOnce(&App, Actor) -> Answer<T> + Send + 'static,
    ) -> Answer<T> {
        self.open(move |app| {
            let actor = app.enrolling_actor()?;
            run(app, actor)
        })
        .await
    }

    /// Runs a use case as whoever is at this desk, whatever they must do before anything else.
    ///
    /// # Errors
    /// [`AppError::NotSignedIn`], [`AppError::Locked`]; whatever the use case answers.
    pub async fn held<T: Send + 'static>(
        &self,
        run: impl FnOnce(&App, Actor) -> Answer<T> + Send + 'static,
    ) -> Answer<T> {
        self.open(move |app| {
            let actor = app.held_actor()?;
            run(app, actor)
        })
        .await
    }

    /// Runs a use case that the contract declares as proven, as whoever proved who they are a moment ago.
    ///
    /// # Errors
    /// [`AppError::ReauthenticationRequired`]; as [`Shell::signed_in`].
    pub async fn proven<T: Send + 'static>(
        &self,
        run: impl FnOnce(&App, Actor) -> Answer<T> + Send + 'static,
    ) -> Answer<T> {
        self.signed_in(move |app, actor| run(app, app.freshly_proven(actor)?)).await
    }

    /// Runs a use case as whoever is signed in at this desk.
    ///
    /// # Errors
    /// [`AppError::NotSignedIn`], [`AppError::Locked`], [`AppError::NewPasswordDemanded`],
    /// [`AppError::SecondFactorDemanded`]; whatever the use case answers.
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
