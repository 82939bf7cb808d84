//! What a page sends with a command. A request that does not have its form is answered like any other request that
//! cannot be accepted: with a code and the field, and without a word of the program's inside.

use clinic_app::AppError;
use clinic_domain::validation::{FieldError, FieldRule};
use serde::de::DeserializeOwned;
use serde_json::Value;
use specta::datatype::DataType;
use specta::function::FunctionArg;
use specta::{Type, Types};
use tauri::Runtime;
use tauri::ipc::{CommandArg, CommandItem, InvokeBody, InvokeError};

/// A request as its type demands it.
pub struct Request<T>(pub T);

impl<'de, T: DeserializeOwned, R: Runtime> CommandArg<'de, R> for Request<T> {
    fn from_command(command: CommandItem<'de, R>) -> Result<Self, InvokeError> {
        let sent = match command.message.payload() {
            InvokeBody::Json(arguments) => arguments.get(command.key).unwrap_or(&Value::Null),
            InvokeBody::Raw(_) => &Value::Null,
        };
        read(sent).map(Self).map_err(|refusal| {
            // No request of the page's own has another form: this is a fault, or somebody who tries what is accepted.
            tracing::warn!(command = command.name, code = refusal.kind().code(), "malformed request");
            InvokeError::from(refusal)
        })
    }
}

/// The page sees the type itself.
impl<T: Type> FunctionArg for Request<T> {
    fn to_datatype(types: &mut Types) -> Option<DataType> {
        Some(T::definition(types))
    }
}

fn read<T: DeserializeOwned>(sent: &Value) -> Result<T, AppError> {
    serde_path_to_error::deserialize(sent).map_err(|fault| {
        let path = fault.path().to_string();
        // At the top there is no path, only a dot.
        let field = if path == "." { "request".to_owned() } else { path };
        AppError::Validation { fields: vec![FieldError::new(field, FieldRule::Malformed)] }
    })
}

#[cfg(test)]
mod tests {
    use clinic_app::directory::view::Search;
    use serde_json::json;

    use super::*;

    fn field_of(sent: Value) -> Option<String> {
        match read::<Search>(&sent) {
            Err(AppError::Validation { fields }) => fields.first().map(|wrong| wrong.field.clone()),
            _ => None,
        }
    }

    #[test]
    fn what_has_the_right_form_is_read() {
        assert!(read::<String>(&json!("ok")).is_ok());
    }

    #[test]
    fn a_wrong_form_is_told_by_its_field_and_by_nothing_else() {
        assert_eq!(field_of(Value::Null).as_deref(), Some("request"));
        assert_eq!(field_of(json!({ "query": 7 })).as_deref(), Some("query"));
        assert!(field_of(json!({ "query": "a", "limit": 1, "evil": true })).is_some());
    }
}
