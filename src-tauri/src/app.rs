//! Builds the window and listens to what reaches it from outside.

use std::path::{Path, PathBuf};

use anyhow::Context;
use studio::{Setup, Studio};
use tauri::webview::{NewWindowResponse, PageLoadEvent};
use tauri::{AppHandle, DragDropEvent, Manager, WebviewUrl, WebviewWindow, WebviewWindowBuilder, WindowEvent};
use tauri_plugin_window_state::StateFlags;

use crate::{ipc, system};

/// Opens the window and returns when it was closed.
pub(crate) fn run() -> anyhow::Result<()> {
    let arguments =
        Arguments::read(std::env::args_os().skip(1).map(PathBuf::from), std::env::current_dir().ok().as_deref());
    tauri::Builder::default()
        // First, so that a second launch hands over before it touches anything.
        .plugin(tauri_plugin_single_instance::init(second_launch))
        .plugin(
            tauri_plugin_window_state::Builder::new()
                .with_state_flags(StateFlags::SIZE | StateFlags::POSITION | StateFlags::MAXIMIZED)
                .build(),
        )
        .plugin(tauri_plugin_dialog::init())
        .plugin(tauri_plugin_clipboard_manager::init())
        .invoke_handler(tauri::generate_handler![ipc::rpc])
        .setup(move |app| {
            let studio = start_studio(app.handle(), &arguments)?;
            ipc::forward_events(app.handle().clone(), &studio);
            app.manage(studio);
            open_window(app.handle())?;
            Ok(())
        })
        .run(tauri::generate_context!())
        .context("the web view did not start")
}

/// What the command line asked for.
#[derive(Debug, Default, PartialEq)]
struct Arguments {
    data_dir: Option<PathBuf>,
    folder: Option<PathBuf>,
}

impl Arguments {
    fn read(mut arguments: impl Iterator<Item = PathBuf>, current: Option<&Path>) -> Self {
        let mut read = Self::default();
        while let Some(argument) = arguments.next() {
            if argument == Path::new("--data-dir") {
                read.data_dir = arguments.next();
            } else if !argument.to_string_lossy().starts_with('-') && read.folder.is_none() {
                read.folder = Some(current.map_or_else(|| argument.clone(), |current| current.join(&argument)));
            }
        }
        read
    }
}

fn start_studio(app: &AppHandle, arguments: &Arguments) -> anyhow::Result<Studio> {
    let data_dir = match arguments.data_dir.clone().or_else(|| std::env::var_os("PATCHBAY_DATA_DIR").map(PathBuf::from))
    {
        Some(folder) => folder,
        None => studio::data_dir().context("the home folder is unknown; set PATCHBAY_DATA_DIR")?,
    };
    let studio = Studio::start(Setup {
        picker: Box::new(system::Dialogs(app.clone())),
        clipboard: Box::new(system::Clipboard(app.clone())),
        ..Setup::new(&data_dir)
    })?;
    studio::log::start(&data_dir);
    studio.start_with(arguments.folder.as_deref());
    Ok(studio)
}

fn open_window(app: &AppHandle) -> tauri::Result<WebviewWindow> {
    let window = WebviewWindowBuilder::new(app, "main", WebviewUrl::App("index.html".into()))
        .title("Patchbay")
        .inner_size(1280.0, 800.0)
        .min_inner_size(860.0, 560.0)
        .on_navigation(|url| url.scheme() == "tauri" || url.host_str() == Some("tauri.localhost"))
        .on_new_window(|_, _| NewWindowResponse::Deny)
        .on_page_load(|_, page| {
            if page.event() == PageLoadEvent::Finished {
                tracing::debug!("page loaded");
            }
        })
        .build()?;
    let handle = app.clone();
    window.on_window_event(move |event| {
        if let WindowEvent::DragDrop(DragDropEvent::Drop { paths, .. }) = event {
            let studio = handle.state::<Studio>();
            for path in paths.iter().take(1) {
                studio.offer_folder(path);
            }
        }
    });
    Ok(window)
}

/// A second launch: its folder is offered to the window that runs already, which comes to the front.
fn second_launch(app: &AppHandle, arguments: Vec<String>, current: String) {
    let arguments = Arguments::read(arguments.into_iter().skip(1).map(PathBuf::from), Some(Path::new(&current)));
    if let (Some(studio), Some(folder)) = (app.try_state::<Studio>(), arguments.folder) {
        studio.offer_folder(&folder);
    }
    if let Some(window) = app.get_webview_window("main") {
        for outcome in [window.unminimize(), window.set_focus()] {
            if let Err(error) = outcome {
                tracing::warn!("the window did not come to the front: {error}");
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(arguments: &[&str], data_dir: Option<&str>, folder: Option<&str>) {
        let expect = Arguments { data_dir: data_dir.map(PathBuf::from), folder: folder.map(PathBuf::from) };
        assert_eq!(Arguments::read(arguments.iter().map(PathBuf::from), Some(Path::new("/here"))), expect);
    }

    #[test]
    fn reads_arguments() {
        check(&[], None, None);
        check(&["bots/tally"], None, Some("/here/bots/tally"));
        check(&["--data-dir", "/data", "/bots/tally"], Some("/data"), Some("/bots/tally"));
        check(&["--unknown", "/a", "/b"], None, Some("/a"));
        check(&["--data-dir"], None, None);
    }
}
