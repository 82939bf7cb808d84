//! Reads what the write door kept of each act: whether it can be taken back, and what every record was before.

use clinic_domain::id::{ActionId, SessionId};
use rusqlite::{Connection, OptionalExtension, Row};
use uuid::Uuid;

use crate::audit::view::Op;
use crate::db::{Noun, sql};
use crate::error::Answer;

/// An act that was carried out.
pub(super) struct Done {
    /// Which one.
    pub action: ActionId,
    /// Whose it was.
    pub account: Option<Uuid>,
    /// In which session.
    pub session: Option<Uuid>,
    /// What was done.
    pub op: Op,
    /// Whom or what it was about, in words.
    pub subject: String,
    /// Its id.
    pub subject_id: Option<Uuid>,
    /// Whether it can be taken back, and has not been.
    pub undoable: bool,
    /// Its place in the outbox.
    pub q: i64,
}

/// An act by its id.
pub(super) fn act(conn: &Connection, action: ActionId) -> Answer<Option<Done>> {
    Ok(conn
        .prepare_cached(
            "SELECT action, usr, sid, op, subject, subject_id, undoable AND undone_by IS NULL AS undoable, q
             FROM act WHERE action = ?1",
        )?
        .query_row([action.bytes()], done)
        .optional()?)
}

/// The last act of a session that Ctrl+Z takes back. An undo is none, but the undo of an undo is: it did the act again.
pub(super) fn last(conn: &Connection, session: SessionId) -> Answer<Option<Done>> {
    Ok(conn.prepare_cached(LAST)?.query_row([session.bytes()], done).optional()?)
}

pub(super) const LAST: &str = "SELECT action, usr, sid, op, subject, subject_id, 1 AS undoable, q
     FROM act AS a WHERE sid = ?1 AND undoable AND undone_by IS NULL AND (
         WITH RECURSIVE chain (undoes, steps) AS (
             SELECT a.undoes, 0 UNION ALL
             SELECT act.undoes, steps + 1 FROM chain JOIN act ON act.action = chain.undoes)
         SELECT max(steps) % 2 = 0 FROM chain)
     ORDER BY q DESC LIMIT 1";

fn done(row: &Row<'_>) -> rusqlite::Result<Done> {
    Ok(Done {
        action: ActionId(sql::id(row, "action")?),
        account: sql::id_or_null(row, "usr")?,
        session: sql::id_or_null(row, "sid")?,
        op: sql::name(row, "op")?,
        subject: row.get("subject")?,
        subject_id: sql::id_or_null(row, "subject_id")?,
        undoable: row.get("undoable")?,
        q: row.get("q")?,
    })
}

/// What a record was before an act, and which revision it had afterwards.
pub(super) struct Image {
    /// Its kind.
    pub noun: Noun,
    /// Its id.
    pub id: Uuid,
    /// The record as JSON; `None` when there was none.
    pub pre: Option<String>,
    /// Its revision after the act; `None` when the act removed it.
    pub post_rev: Option<u32>,
}

/// The images of an act, the last one first.
pub(super) fn images(conn: &Connection, q: i64) -> Answer<Vec<Image>> {
    let mut statement =
        conn.prepare_cached("SELECT noun, id, pre, post_rev FROM undo WHERE q = ?1 ORDER BY i DESC")?;
    let rows = statement.query_map([q], |row| {
        Ok(Image {
            noun: sql::name(row, "noun")?,
            id: sql::id(row, "id")?,
            pre: row.get("pre")?,
            post_rev: row.get("post_rev")?,
        })
    })?;
    Ok(rows.collect::<rusqlite::Result<_>>()?)
}

/// What an act left of a record, where the session's next act about it came directly after: its image from before.
pub(super) fn left_by(conn: &Connection, target: &Done, image: &Image) -> Answer<Option<String>> {
    let next = image.post_rev.map(|rev| rev + 1);
    Ok(conn
        .prepare_cached(LEFT_BY)?
        .query_row(
            (target.session.as_ref().map(Uuid::as_bytes), target.q, image.id.as_bytes(), next),
            |row| row.get(0),
        )
        .optional()?
        .flatten())
}

pub(super) const LEFT_BY: &str = "SELECT CASE WHEN post_rev IS NULL OR post_rev = ?4 THEN pre END FROM (
         SELECT undo.pre, undo.post_rev FROM act JOIN undo ON undo.q = act.q
         WHERE act.sid = ?1 AND act.q > ?2 AND undo.id = ?3 ORDER BY act.q, undo.i LIMIT 1)";

/// The patient an act was about.
pub(super) fn patient_of(conn: &Connection, action: ActionId) -> Answer<Option<Uuid>> {
    Ok(conn
        .prepare_cached("SELECT patient_id FROM audit WHERE action = ?1 LIMIT 1")?
        .query_row([action.bytes()], |row| sql::id_or_null(row, "patient_id"))
        .optional()?
        .flatten())
}

/// Who changed a record last, as far as the log names it as what an act was about.
pub(super) fn last_changed_by(conn: &Connection, id: Uuid) -> Answer<Option<String>> {
    Ok(conn
        .prepare_cached(
            "SELECT body ->> 'actor' FROM audit WHERE subject_id = ?1 AND op <> 'read_patient'
             ORDER BY seq DESC LIMIT 1",
        )?
        .query_row([id.as_bytes()], |row| row.get(0))
        .optional()?)
}
