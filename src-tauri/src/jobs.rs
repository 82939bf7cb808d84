//! Work in the background: one thread that sleeps until something is due or something changed. What is due is the
//! services' to say; here is only when they are asked.

use std::sync::{Arc, Condvar, Mutex, PoisonError, Weak};
use std::time::Duration;

use clinic_app::identity::hashing::give_back_memory;
use clinic_app::messaging::smtp::Smtp;
use clinic_app::{App, AppError};

/// Longest sleep: a computer that was asleep, or whose clock was set, notices that something is due so much later. Also
/// the first one, so that nothing here stands in the way of the first window.
pub const TICK: Duration = Duration::from_secs(20);

/// Wakes a sleeping thread; rung while nobody sleeps, it wakes the next one at once.
#[derive(Default)]
struct Bell {
    rung: Mutex<bool>,
    sound: Condvar,
}

impl Bell {
    fn ring(&self) {
        *self.rung.lock().unwrap_or_else(PoisonError::into_inner) = true;
        self.sound.notify_one();
    }

    fn sleep(&self, longest: Duration) {
        let rung = self.rung.lock().unwrap_or_else(PoisonError::into_inner);
        let woken = self.sound.wait_timeout_while(rung, longest, |rung| !*rung);
        *woken.unwrap_or_else(PoisonError::into_inner).0 = false;
    }
}

/// Starts the thread, which never sleeps longer than `tick` and ends with the application.
pub fn start(app: &Arc<App>, tick: Duration) {
    let bell = Arc::new(Bell::default());
    let ringing = Arc::clone(&bell);
    // Whatever was committed may have put something into a queue.
    app.on_change(move |_| ringing.ring());
    let app: Weak<App> = Arc::downgrade(app);
    std::thread::spawn(move || {
        let smtp = Smtp::default();
        let mut sleep = tick;
        loop {
            bell.sleep(sleep);
            let Some(app) = app.upgrade() else { return };
            sleep = work(&app, &smtp).map_or(tick, |until| until.min(tick));
        }
    });
}

/// Does what is due and answers how long there is nothing to do; `None` while nothing is known to come.
fn work(app: &App, smtp: &Smtp) -> Option<Duration> {
    if let Err(fault) = app.sweep_registrations()
        && fault != AppError::WrongState
    {
        tracing::warn!(%fault, "registrations whose time is over could not be taken away");
    }
    if let Err(fault) = app.close_unused() {
        tracing::warn!(%fault, "the store could not be closed although nobody is signed in");
    }
    if let Err(fault) = app.watch_clock()
        && fault != AppError::WrongState
    {
        tracing::warn!(%fault, "that the clock was set back could not be written down");
    }
    if let Err(fault) = app.watch_audit()
        && fault != AppError::WrongState
    {
        tracing::warn!(%fault, "the audit log could not be verified");
    }
    give_back_memory();
    match app.work_mail(smtp) {
        Ok(next) => next.and_then(|next| (next - app.now()).to_std().ok()),
        // There is no open store yet, or no clinic in it.
        Err(AppError::WrongState) => None,
        Err(fault) => {
            tracing::warn!(%fault, "the queue of mails could not be worked off");
            None
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_bell_that_was_rung_wakes_the_next_sleeper_once() {
        let bell = Bell::default();
        bell.ring();
        bell.ring();
        bell.sleep(Duration::MAX);
        assert!(!*bell.rung.lock().unwrap());
        // Nobody rings: only the time wakes.
        bell.sleep(Duration::ZERO);
    }

    #[test]
    fn a_bell_wakes_whoever_sleeps() {
        let bell = Arc::new(Bell::default());
        let sleeper = Arc::clone(&bell);
        let slept = std::thread::spawn(move || sleeper.sleep(Duration::MAX));
        bell.ring();
        slept.join().unwrap();
    }
}
