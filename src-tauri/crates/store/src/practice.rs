//! What the practice providers keep: people, accounts, codes, tokens, faults. Plain, for a practice token opens nothing but
//! practice; in the file, so that it outlives the server and two servers on one folder know the same.

use jiff::Timestamp;

use crate::tables::practice;
use crate::{Store, StoreError};

/// One thing that the practice providers keep.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PracticeRow {
    /// What it is: `person`, `code` and so on, the caller's own word.
    pub kind: String,
    /// Its id within the kind.
    pub id: String,
    /// JSON of the caller's own shape.
    pub data: String,
    /// When it is of no more use. The store itself hides and removes nothing for that; see [`Store::practice_purge`].
    pub expires_at: Option<Timestamp>,
}

impl Store {
    /// One row, expired or not.
    pub fn practice_get(&self, kind: &str, id: &str) -> Result<Option<PracticeRow>, StoreError> {
        Ok(practice::get(&self.state().connection, kind, id)?)
    }

    /// All rows of a kind, by id, expired or not.
    pub fn practice_list(&self, kind: &str) -> Result<Vec<PracticeRow>, StoreError> {
        Ok(practice::list(&self.state().connection, kind)?)
    }

    /// Keeps a row, replacing the one of its kind and id.
    pub fn practice_put(&self, row: &PracticeRow) -> Result<(), StoreError> {
        self.state().write(|connection| Ok(practice::put(connection, row)?))
    }

    /// Removes a row; false if there is none.
    pub fn practice_remove(&self, kind: &str, id: &str) -> Result<bool, StoreError> {
        self.state().write(|connection| Ok(practice::remove(connection, kind, id)?))
    }

    /// Gives a row and removes it at once, so that only one caller in any process gets it.
    pub fn practice_take(&self, kind: &str, id: &str) -> Result<Option<PracticeRow>, StoreError> {
        self.state().write(|connection| {
            let row = practice::get(connection, kind, id)?;
            if row.is_some() {
                practice::remove(connection, kind, id)?;
            }
            Ok(row)
        })
    }

    /// Changes the data of a row with nobody else writing meanwhile: `change` gets what is there and gives what is to be there,
    /// `None` for no row. A changed row keeps its expiry, a new one has none. `change` must not call the store: it would wait
    /// for itself.
    pub fn practice_update(
        &self,
        kind: &str,
        id: &str,
        change: &mut dyn FnMut(Option<&str>) -> Option<String>,
    ) -> Result<(), StoreError> {
        self.state().write(|connection| {
            let found = practice::get(connection, kind, id)?;
            match change(found.as_ref().map(|row| row.data.as_str())) {
                Some(data) => {
                    let expires_at = found.and_then(|row| row.expires_at);
                    practice::put(connection, &PracticeRow { kind: kind.into(), id: id.into(), data, expires_at })?;
                }
                None => drop(practice::remove(connection, kind, id)?),
            }
            Ok(())
        })
    }

    /// Removes the rows of every kind that expired at `until` or before, by the caller's clock; returns how many.
    pub fn practice_purge(&self, until: Timestamp) -> Result<usize, StoreError> {
        self.state().write(|connection| Ok(practice::purge(connection, until.as_millisecond())?))
    }
}
