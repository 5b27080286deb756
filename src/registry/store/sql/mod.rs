//! Rows by SQL. What is asked is written once, in the words that SQLite and PostgreSQL share: parameters are `$1`, `$2`
//! … and first occur in that order, because SQLite counts them by occurrence. A backend only carries statements out.

mod cells;
mod read;
mod read_trail;
mod rows;
mod write;
mod write_trail;

pub use cells::Cell;
pub(super) use cells::{Cells, Row, Value};

use super::Result;

/// A transaction of a database.
pub(super) trait Session {
    /// What stands in messages for the database.
    fn place(&self) -> String;
    /// Gives every row that a statement finds to `each`; the first error of either side ends it.
    fn query(&mut self, sql: &str, values: &[Value<'_>], each: &mut dyn FnMut(&dyn Cells) -> Result<()>) -> Result<()>;
    /// Carries a statement out that gives no rows.
    fn execute(&mut self, sql: &str, values: &[Value<'_>]) -> Result<()>;
    /// Carries a statement out that gives no rows, for each row of values in turn.
    fn execute_all(&mut self, sql: &str, rows: &[Vec<Value<'_>>]) -> Result<()> {
        rows.iter().try_for_each(|values| self.execute(sql, values))
    }
    /// Makes what was done durable and visible.
    fn commit(self: Box<Self>) -> Result<()>;
}

/// Reads a row.
type Read<T> = fn(&Row<'_>) -> Result<T>;

fn all<T>(session: &mut dyn Session, sql: &str, values: &[Value<'_>], read: Read<T>) -> Result<Vec<T>> {
    let place = session.place();
    let mut rows = Vec::new();
    session.query(sql, values, &mut |cells| {
        rows.push(read(&Row::of(cells, &place))?);
        Ok(())
    })?;
    Ok(rows)
}

/// The row of a statement that finds one at most.
fn one<T>(session: &mut dyn Session, sql: &str, values: &[Value<'_>], read: Read<T>) -> Result<Option<T>> {
    Ok(all(session, sql, values, read)?.into_iter().next())
}
