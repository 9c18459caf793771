//! The machine's state as data. All values stand in one table, so what is shared stays shared and secrets stay handles.

use serde::{Deserialize, Deserializer, Serialize, Serializer};

use super::event::Before;
use super::frames::Frame;
use super::{Machine, State};
use crate::value::{Freezer, Table, Thawed, Value};

#[derive(Serialize, Deserialize)]
struct Saved {
    fingerprint: u64,
    state: State,
    values: Table,
    globals: Vec<u32>,
    constants: Vec<Option<u32>>,
    frames: Vec<Frame>,
    registers: Vec<u32>,
    fuel: u64,
    before: Option<Before>,
}

impl Serialize for Machine {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut freezer = Freezer::default();
        let globals = self.globals.iter().map(|value| freezer.add(value)).collect();
        let constants = self.constants.iter().map(|value| value.as_ref().map(|value| freezer.add(value))).collect();
        let registers = self.registers.iter().map(|value| freezer.add(value)).collect();
        Saved {
            fingerprint: self.fingerprint,
            state: self.state,
            values: freezer.finish(),
            globals,
            constants,
            frames: self.frames.clone(),
            registers,
            fuel: self.fuel,
            before: self.before.clone(),
        }
        .serialize(serializer)
    }
}

impl<'de> Deserialize<'de> for Machine {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Machine::thaw(Saved::deserialize(deserializer)?).map_err(serde::de::Error::custom)
    }
}

impl Machine {
    fn thaw(saved: Saved) -> Result<Self, String> {
        let outside = |frame: &Frame| frame.base as usize > saved.registers.len();
        if saved.frames.len() > super::MAX_CALLS || saved.frames.iter().any(outside) {
            return Err("the saved stack does not fit its values".to_string());
        }
        let values = Thawed::new(saved.values)?;
        let all = |indexes: &[u32]| -> Result<Vec<Value>, String> {
            indexes.iter().map(|index| values.get(*index)).collect()
        };
        let globals = all(&saved.globals)?;
        let constants = saved.constants.iter().map(|index| index.map(|index| values.get(index)).transpose());
        Ok(Self {
            fingerprint: saved.fingerprint,
            state: saved.state,
            held: globals.iter().fold(0, |sum, value| sum.saturating_add(value.weight())),
            constants: constants.collect::<Result<_, _>>()?,
            registers: all(&saved.registers)?,
            globals,
            frames: saved.frames,
            fuel: saved.fuel.min(super::FUEL_PER_TURN),
            before: saved.before,
        })
    }
}
