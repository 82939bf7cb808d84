//! A month as counts (FD-1).

use crate::app::{Actor, App};
use crate::error::Answer;
use crate::scheduling::view::MonthView;
use crate::scheduling::view::ViewMonth;

impl App {
    /// A month as counts (FD-1).
    ///
    /// # Errors
    /// See [`crate::AppError`].
    pub fn view_month(&self, actor: &Actor, request: ViewMonth) -> Answer<MonthView> {
        todo!()
    }
}
