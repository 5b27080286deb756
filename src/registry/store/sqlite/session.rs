use std::path::Path;

use rusqlite::types::{ToSqlOutput, ValueRef};
use rusqlite::{ToSql, params_from_iter};

use super::{Held, failure, run};
use crate::registry::store::Result;
use crate::registry::store::sql::{Cell, Cells, Session, Value};

/// A transaction: reading one committed state, or writing the next.
pub(super) struct Transaction<'a> {
    pub(super) connection: Held<'a>,
    pub(super) path: &'a Path,
}

impl Drop for Transaction<'_> {
    fn drop(&mut self) {
        // Also during a panic: whoever takes the connection next finds no transaction open. If this fails, the
        // next BEGIN says so.
        if !self.connection.is_autocommit() {
            let _ = run(&self.connection, "ROLLBACK");
        }
    }
}

impl Session for Transaction<'_> {
    fn place(&self) -> String {
        self.path.display().to_string()
    }

    fn query(&mut self, sql: &str, values: &[Value<'_>], each: &mut dyn FnMut(&dyn Cells) -> Result<()>) -> Result<()> {
        let failed = |error| failure(self.path, error);
        let mut statement = self.connection.prepare_cached(sql).map_err(failed)?;
        let mut rows = statement.query(params_from_iter(values)).map_err(failed)?;
        while let Some(row) = rows.next().map_err(failed)? {
            each(row)?;
        }
        Ok(())
    }

    fn execute(&mut self, sql: &str, values: &[Value<'_>]) -> Result<()> {
        let execute = || self.connection.prepare_cached(sql)?.execute(params_from_iter(values));
        execute().map(|_| ()).map_err(|error| failure(self.path, error))
    }

    fn commit(self: Box<Self>) -> Result<()> {
        run(&self.connection, "COMMIT").map_err(|error| failure(self.path, error))
    }
}

impl ToSql for Value<'_> {
    fn to_sql(&self) -> rusqlite::Result<ToSqlOutput<'_>> {
        Ok(ToSqlOutput::Borrowed(match self {
            Value::Null => ValueRef::Null,
            Value::Number(number) => ValueRef::Integer(*number),
            Value::Text(text) => ValueRef::Text(text.as_bytes()),
            Value::Bytes(bytes) => ValueRef::Blob(bytes),
        }))
    }
}

impl Cells for rusqlite::Row<'_> {
    fn cell(&self, at: usize) -> std::result::Result<Cell, String> {
        match self.get_ref(at).map_err(|error| error.to_string())? {
            ValueRef::Null => Ok(Cell::Null),
            ValueRef::Integer(number) => Ok(Cell::Number(number)),
            ValueRef::Text(text) => match std::str::from_utf8(text) {
                Ok(text) => Ok(Cell::Text(text.to_owned())),
                Err(error) => Err(error.to_string()),
            },
            ValueRef::Blob(bytes) => Ok(Cell::Bytes(bytes.to_vec())),
            ValueRef::Real(_) => Err("expected no fraction".to_owned()),
        }
    }
}
