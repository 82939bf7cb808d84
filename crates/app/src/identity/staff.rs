//! A store that opens for its staff alone (K2), as this process knows it: the secret of the computer, and who is on the way
//! in. Nothing here opens the store without somebody's password.

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Mutex, MutexGuard, PoisonError, RwLock, RwLockReadGuard, RwLockWriteGuard};

use crate::db::StoreKey;

/// What the process knows (see the module). Empty where the computer opens the store.
#[derive(Default)]
pub struct Staff {
    secret: Mutex<Option<StoreKey>>,
    one: Mutex<()>,
    entering: RwLock<()>,
    held: AtomicBool,
}

impl Staff {
    /// The secret of the computer; `None` where the computer itself opens the store, or does not know its secret.
    pub(super) fn secret(&self) -> Option<StoreKey> {
        self.lock().clone()
    }

    /// Remembers the secret of the computer, or that there is none.
    pub(super) fn know(&self, secret: Option<StoreKey>) {
        *self.lock() = secret;
    }

    /// Whoever tries to open a closed store does so alone: of a hundred at once none is looked at before it is counted.
    pub(super) fn one_at_a_time(&self) -> MutexGuard<'_, ()> {
        self.one.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Somebody is on the way in: the store stays open for so long.
    pub(super) fn enter(&self) -> RwLockReadGuard<'_, ()> {
        self.entering.read().unwrap_or_else(PoisonError::into_inner)
    }

    /// Nobody is on the way in, and nobody can be until this is given back; `None` when somebody is.
    pub(super) fn close(&self) -> Option<RwLockWriteGuard<'_, ()>> {
        self.entering.try_write().ok()
    }

    /// Whether the store stays open although nobody is here: the recovery key opened it, and somebody is to sign in.
    pub(super) fn is_held(&self) -> bool {
        self.held.load(Ordering::SeqCst)
    }

    /// See [`Staff::is_held`].
    pub(super) fn hold(&self, held: bool) {
        self.held.store(held, Ordering::SeqCst);
    }

    fn lock(&self) -> MutexGuard<'_, Option<StoreKey>> {
        self.secret.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
