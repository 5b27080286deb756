use std::future::Future;

use bytes::BytesMut;
use deadpool_postgres::{ClientWrapper, Object};
use futures_util::stream::{FuturesOrdered, TryStreamExt};
use tokio_postgres::types::{IsNull, ToSql, Type};

use super::failure::{failure, is_lost, reason};
use super::{PATIENCE, Postgres};
use crate::registry::RegistryError;
use crate::registry::store::Result;
use crate::registry::store::sql::{Cell, Cells, Session, Value};

/// A transaction: reading one committed state, or writing the next.
pub(super) struct Transaction<'a> {
    pub(super) store: &'a Postgres,
    /// `None` once it is over.
    pub(super) client: Option<Object>,
    /// Set by the first error. PostgreSQL answers COMMIT to a transaction that failed, and rolls back.
    pub(super) failed: bool,
    pub(super) writes: bool,
}

impl Transaction<'_> {
    fn run<'s, T, F>(&'s mut self, work: impl FnOnce(&'s ClientWrapper) -> F) -> Result<T>
    where
        F: Future<Output = std::result::Result<T, tokio_postgres::Error>> + 's,
    {
        let place = &self.store.place;
        let Some(client) = self.client.as_ref().filter(|_| !self.failed) else {
            let reason = "an earlier statement of the transaction failed".to_owned();
            return Err(RegistryError::Database { place: place.clone(), reason });
        };
        let done = match self.store.driver.wait(PATIENCE, work(client)) {
            Some(done) => done.map_err(|error| failure(place, &error)),
            None => Err(self.store.no_answer()),
        };
        if done.is_err() {
            self.failed = true;
        }
        done
    }
}

impl Transaction<'_> {
    /// Carries several statements out that have no parameters.
    pub(super) fn script(&mut self, sql: &str) -> Result<()> {
        self.run(|client| async move { client.batch_execute(sql).await })
    }
}

impl Drop for Transaction<'_> {
    fn drop(&mut self) {
        let Some(client) = self.client.take() else { return };
        let ended = self.store.driver.wait(PATIENCE, client.batch_execute("ROLLBACK"));
        if !matches!(ended, Some(Ok(()))) {
            // The server rolls back what a connection leaves open when it ends.
            drop(Object::take(client));
        }
    }
}

impl Session for Transaction<'_> {
    fn place(&self) -> String {
        self.store.place.clone()
    }

    fn query(&mut self, sql: &str, values: &[Value<'_>], each: &mut dyn FnMut(&dyn Cells) -> Result<()>) -> Result<()> {
        let rows = self.run(|client| async move {
            let statement = client.prepare_cached(sql).await?;
            client.query(&statement, &parameters(values)).await
        })?;
        rows.iter().try_for_each(|row| each(row))
    }

    fn execute(&mut self, sql: &str, values: &[Value<'_>]) -> Result<()> {
        self.run(|client| async move {
            let statement = client.prepare_cached(sql).await?;
            client.execute(&statement, &parameters(values)).await.map(|_| ())
        })
    }

    /// Sent one behind the other without waiting for answers: a wire has its delay once.
    fn execute_all(&mut self, sql: &str, rows: &[Vec<Value<'_>>]) -> Result<()> {
        self.run(|client| async move {
            let statement = client.prepare_cached(sql).await?;
            let statement = &statement;
            // Each is sent when it is first polled, and that is in this order.
            let mut answers: FuturesOrdered<_> =
                rows.iter().map(|values| async move { client.execute(statement, &parameters(values)).await }).collect();
            while answers.try_next().await?.is_some() {}
            Ok(())
        })
    }

    fn commit(mut self: Box<Self>) -> Result<()> {
        let commit = if self.writes { self.store.commit.as_str() } else { "COMMIT" };
        // An error before anything is sent is one of a change that did not happen.
        self.run(|_| std::future::ready(Ok(())))?;
        let Some(client) = self.client.take() else { return Ok(()) };
        let place = self.store.place.clone();
        match self.store.driver.wait(PATIENCE, client.batch_execute(commit)) {
            Some(Ok(())) => Ok(()),
            Some(Err(error)) if !is_lost(&error) => {
                drop(Object::take(client));
                Err(failure(&place, &error))
            }
            lost => {
                drop(Object::take(client));
                let reason = match lost {
                    Some(Err(error)) => reason(&error),
                    _ => "no answer in time".to_owned(),
                };
                Err(RegistryError::Uncertain { place, reason })
            }
        }
    }
}

fn parameters<'a>(values: &'a [Value<'_>]) -> Vec<&'a (dyn ToSql + Sync)> {
    values.iter().map(|value| value as &(dyn ToSql + Sync)).collect()
}

impl ToSql for Value<'_> {
    fn to_sql(
        &self,
        kind: &Type,
        out: &mut BytesMut,
    ) -> std::result::Result<IsNull, Box<dyn std::error::Error + Sync + Send>> {
        match self {
            Value::Null => Ok(IsNull::Yes),
            Value::Number(number) => number.to_sql_checked(kind, out),
            Value::Text(text) => text.to_sql_checked(kind, out),
            Value::Bytes(bytes) => bytes.to_sql_checked(kind, out),
        }
    }

    fn accepts(_: &Type) -> bool {
        // Each value is checked against the type when it is bound.
        true
    }

    fn to_sql_checked(
        &self,
        kind: &Type,
        out: &mut BytesMut,
    ) -> std::result::Result<IsNull, Box<dyn std::error::Error + Sync + Send>> {
        self.to_sql(kind, out)
    }
}

impl Cells for tokio_postgres::Row {
    fn cell(&self, at: usize) -> std::result::Result<Cell, String> {
        let kind = self.columns().get(at).map(|column| column.type_().clone());
        let cell = match kind {
            Some(Type::INT8) => self.try_get::<_, Option<i64>>(at).map(|number| number.map(Cell::Number)),
            Some(Type::TEXT) => self.try_get::<_, Option<String>>(at).map(|text| text.map(Cell::Text)),
            Some(Type::BYTEA) => self.try_get::<_, Option<Vec<u8>>>(at).map(|bytes| bytes.map(Cell::Bytes)),
            Some(other) => return Err(format!("expected no {other}")),
            None => return Err("it is not there".to_owned()),
        };
        cell.map(|cell| cell.unwrap_or(Cell::Null)).map_err(|error| error.to_string())
    }
}
