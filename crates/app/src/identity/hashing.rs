//! Password hashing with Argon2id (RFC 9106, AU-8).

/// How much work one hash is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Cost {
    /// Memory in KiB. OWASP's floor is 19 MiB.
    pub memory_kib: u32,
    /// Passes.
    pub passes: u32,
}
