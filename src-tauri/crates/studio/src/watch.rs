//! Notices what other programs change: files of an open bot, and the vault and lists of a second Patchbay.

use std::sync::{Arc, Weak};
use std::time::Duration;

use notify::{EventKind, RecommendedWatcher, RecursiveMode};
use notify_debouncer_full::{DebounceEventResult, DebouncedEvent, Debouncer, RecommendedCache, new_debouncer};

use crate::bots::OpenBot;
use crate::{Event, Inner, Studio};

/// Changes that come this close together are read once.
const QUIET: Duration = Duration::from_millis(150);
/// How often the data folder is asked whether another process wrote to it.
const ASK: Duration = Duration::from_millis(300);

/// Watches one folder for as long as it lives.
pub(crate) struct Watch {
    _debouncer: Debouncer<RecommendedWatcher, RecommendedCache>,
}

impl Watch {
    pub(crate) fn start(studio: &Studio, open: &Arc<OpenBot>) -> notify::Result<Self> {
        let inner = Arc::downgrade(&studio.inner);
        let bot = Arc::downgrade(open);
        let mut debouncer = new_debouncer(QUIET, None, move |result: DebounceEventResult| {
            let (Some(inner), Some(bot)) = (inner.upgrade(), bot.upgrade()) else { return };
            let concerns = |event: &DebouncedEvent| {
                !matches!(event.kind, EventKind::Access(_))
                    && event.paths.iter().any(|path| path.starts_with(bot.folder().path()))
            };
            // An error means that changes may have been missed.
            if result.map_or(true, |events| events.iter().any(concerns)) {
                Studio { inner }.reread(&bot);
            }
        })?;
        debouncer.watch(open.folder().path(), RecursiveMode::Recursive)?;
        // The folder's own disappearance is reported by the folder above only.
        if let Some(above) = open.folder().path().parent() {
            debouncer.watch(above, RecursiveMode::NonRecursive)?;
        }
        Ok(Self { _debouncer: debouncer })
    }
}

/// Asks the store at intervals whether another process wrote to it, until the studio is gone.
pub(crate) fn foreign_changes(studio: &Studio) {
    let inner: Weak<Inner> = Arc::downgrade(&studio.inner);
    let mut seen = studio.inner.store.changes().ok();
    std::thread::spawn(move || {
        loop {
            std::thread::sleep(ASK);
            let Some(inner) = inner.upgrade() else { return };
            let now = inner.store.changes().ok();
            if now != seen {
                seen = now;
                let studio = Studio { inner };
                studio.vault_changed();
                studio.send(&Event::RecentChanged);
                studio.send(&Event::SettingsChanged);
            }
        }
    });
}
