//! The turns in which passwords are hashed: two at once at most, because each takes 64 MiB and a desk has one person; in
//! memory that is used again, because a quarter of the work of a hash is to get it from the system. Between turns it holds
//! nothing: it is wiped when a turn ends, and so is the stack.

use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};

use argon2::{Argon2, Block, Error};
use zeroize::Zeroize;

/// Hashes that are computed at the same time.
const AT_ONCE: u8 = 2;

/// How deep into the stack a hash reaches, several times over.
const STACK_BYTES: usize = 64 * 1024;

static TURNS: Mutex<Turns> = Mutex::new(Turns { running: 0, idle: Vec::new(), was_taken: false });
static FREE: Condvar = Condvar::new();

struct Turns {
    running: u8,
    /// Memory of turns that ended.
    idle: Vec<Vec<Block>>,
    /// Whether there was a turn since somebody last looked.
    was_taken: bool,
}

fn turns() -> MutexGuard<'static, Turns> {
    TURNS.lock().unwrap_or_else(PoisonError::into_inner)
}

/// One of the hashes that may be computed now; given back when dropped.
pub(super) struct Turn(Vec<Block>);

impl Turn {
    /// Waits for a turn.
    pub(super) fn take() -> Self {
        let mut turns = turns();
        while turns.running >= AT_ONCE {
            turns = FREE.wait(turns).unwrap_or_else(PoisonError::into_inner);
        }
        turns.running += 1;
        turns.was_taken = true;
        Self(turns.idle.pop().unwrap_or_default())
    }

    /// Argon2id into `out`, which has the length that a hash is asked to have.
    ///
    /// # Errors
    /// The computer gives no memory; a salt or a length that Argon2id does not take.
    pub(super) fn hash(
        &mut self,
        argon2: &Argon2<'_>,
        password: &[u8],
        salt: &[u8],
        out: &mut [u8],
    ) -> Result<(), Error> {
        let count = argon2.params().block_count();
        let more = count.saturating_sub(self.0.len());
        self.0.try_reserve_exact(more).map_err(|_| Error::OutOfMemory)?;
        self.0.resize_with(count.max(self.0.len()), Block::new);
        let blocks = &mut self.0[..count];
        let done = fill(argon2, password, salt, out, blocks);
        blocks.iter_mut().for_each(Zeroize::zeroize);
        done
    }
}

/// The hash itself, in frames of its own, so that all of them lie where [`wipe_stack`] writes afterwards.
#[inline(never)]
fn fill(
    argon2: &Argon2<'_>,
    password: &[u8],
    salt: &[u8],
    out: &mut [u8],
    blocks: &mut [Block],
) -> Result<(), Error> {
    argon2.hash_password_into_with_memory(password, salt, out, blocks)
}

/// Wipes what calls that have returned left on the stack of this thread (S9): hash functions take a password through buffers
/// there, copy them as they go, and wipe none.
#[inline(never)]
fn wipe_stack() {
    let mut left = [0_u8; STACK_BYTES];
    left.zeroize();
    std::hint::black_box(&left);
}

impl Drop for Turn {
    fn drop(&mut self) {
        wipe_stack();
        let mut turns = turns();
        turns.running -= 1;
        turns.idle.push(std::mem::take(&mut self.0));
        FREE.notify_one();
    }
}

/// Gives the memory back to the system when there was no turn since this was last called: to be called from time to time.
pub fn give_back_memory() {
    turns().give_back();
}

impl Turns {
    fn give_back(&mut self) {
        if !std::mem::take(&mut self.was_taken) {
            self.idle = Vec::new();
        }
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Barrier;
    use std::sync::atomic::{AtomicU8, Ordering};

    use super::*;
    use argon2::{Algorithm, Params, Version};

    #[test]
    fn never_more_than_two_at_once() {
        let (now, most) = (AtomicU8::new(0), AtomicU8::new(0));
        // Whoever has a turn waits for a second one, so that turns overlap without a clock.
        let pair = Barrier::new(2);
        std::thread::scope(|scope| {
            for _ in 0..8 {
                scope.spawn(|| {
                    let _turn = Turn::take();
                    most.fetch_max(now.fetch_add(1, Ordering::SeqCst) + 1, Ordering::SeqCst);
                    pair.wait();
                    now.fetch_sub(1, Ordering::SeqCst);
                });
            }
        });
        assert_eq!(most.into_inner(), AT_ONCE);
    }

    fn argon2(memory: u32, passes: u32) -> Argon2<'static> {
        let params = Params::new(memory, passes, 1, Some(32)).unwrap();
        Argon2::new(Algorithm::Argon2id, Version::V0x13, params)
    }

    #[test]
    fn memory_that_was_used_before_changes_no_hash() {
        let mut turn = Turn::take();
        for (memory, passes) in [(64, 1), (8, 3), (64, 2), (128, 1), (8, 1)] {
            let (mut again, mut fresh) = ([0; 32], [0; 32]);
            let argon2 = argon2(memory, passes);
            turn.hash(&argon2, b"kvass blurt fjord", b"salt of a clinic", &mut again).unwrap();
            argon2.hash_password_into(b"kvass blurt fjord", b"salt of a clinic", &mut fresh).unwrap();
            assert_eq!(again, fresh, "{memory} KiB, {passes} passes");
        }
        assert!(turn.0.len() >= 128, "what the largest needed");
    }

    #[test]
    fn memory_is_given_back_once_nobody_wanted_it_for_a_while() {
        let mut turns = Turns { running: 0, idle: vec![vec![Block::new(); 8]], was_taken: true };
        turns.give_back();
        assert_eq!(turns.idle.len(), 1);
        turns.give_back();
        assert!(turns.idle.is_empty());
    }

    #[test]
    fn memory_holds_nothing_after_a_hash() {
        let mut turn = Turn::take();
        turn.hash(&argon2(64, 1), b"kvass blurt fjord", b"salt of a clinic", &mut [0; 32]).unwrap();
        assert!(turn.0.iter().all(|block| block.as_ref().iter().all(|word| *word == 0)));
        // A hash that came to nothing leaves nothing, either.
        assert!(turn.hash(&argon2(64, 1), b"kvass", b"short", &mut [0; 32]).is_err());
        assert!(turn.0.iter().all(|block| block.as_ref().iter().all(|word| *word == 0)));
    }
}
