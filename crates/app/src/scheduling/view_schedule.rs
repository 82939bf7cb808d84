//! Days of the schedule (FD-1).

use crate::app::{Actor, App};
use crate::error::Answer;
use crate::scheduling::view::ScheduleView;
use crate::scheduling::view::ViewSchedule;

impl App {
    /// Days of the schedule (FD-1).
    ///
    /// # Errors
    /// See [`crate::AppError`].
    pub fn view_schedule(&self, actor: &Actor, request: ViewSchedule) -> Answer<ScheduleView> {
        todo!()
    }
}
