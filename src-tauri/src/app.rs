//! Builds the window and listens to what reaches it from outside.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use anyhow::Context;
use studio::{Setup, Studio};
use tauri::webview::{NewWindowResponse, PageLoadEvent};
use tauri::{AppHandle, DragDropEvent, Manager, WebviewUrl, WebviewWindow, WebviewWindowBuilder, WindowEvent};
use tauri_plugin_deep_link::DeepLinkExt;
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
        .plugin(tauri_plugin_deep_link::init())
        .plugin(tauri_plugin_dialog::init())
        .plugin(tauri_plugin_clipboard_manager::init())
        .invoke_handler(tauri::generate_handler![ipc::rpc])
        .setup(move |app| {
            let studio = start_studio(app.handle(), &arguments)?;
            ipc::forward_events(app.handle().clone(), &studio);
            app.manage(studio);
            open_window(app.handle())?;
            if let Some(link) = arguments.deep_link.clone() {
                take_deep_link(app.handle(), link);
            }
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
    deep_link: Option<String>,
}

/// How an address of ours begins.
const SCHEME: &str = "patchbay://";

impl Arguments {
    /// A browser hands a link over as the only argument. With anything beside it, it is not one.
    fn read(arguments: impl Iterator<Item = PathBuf>, current: Option<&Path>) -> Self {
        let arguments: Vec<PathBuf> = arguments.collect();
        let mut read = Self::default();
        if let [only] = arguments.as_slice()
            && let Some(link) = only.to_str().filter(|link| link.starts_with(SCHEME))
        {
            read.deep_link = Some(link.to_owned());
            return read;
        }
        let mut arguments = arguments.into_iter().filter(|own| !own.to_string_lossy().starts_with(SCHEME));
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
        opener: Arc::new(system::Browser),
        deep_links: register_scheme(app),
        ..Setup::new(&data_dir)
    })?;
    studio::log::start(&data_dir);
    studio.start_with(arguments.folder.as_deref());
    Ok(studio)
}

/// Makes links of ours lead here; another program may hold them. True when they do.
fn register_scheme(app: &AppHandle) -> bool {
    let links = app.deep_link();
    if let Err(error) = links.register_all() {
        tracing::warn!("links that begin with {SCHEME} could not be registered: {error}");
    }
    links.is_registered("patchbay").unwrap_or_else(|error| {
        tracing::warn!("it is unknown where links that begin with {SCHEME} lead: {error}");
        false
    })
}

/// Hands a link to the sign-in that waits for it, on a thread of its own, since it asks the provider for the token.
fn take_deep_link(app: &AppHandle, link: String) {
    let studio = app.state::<Studio>().inner().clone();
    std::thread::spawn(move || studio.deep_link(&link));
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
                if path.extension().is_some_and(|own| own.eq_ignore_ascii_case("json")) {
                    studio.offer_key_file(path);
                } else {
                    studio.offer_folder(path);
                }
            }
        }
    });
    Ok(window)
}

/// A second launch: its folder is offered to the window that runs already, which comes to the front.
fn second_launch(app: &AppHandle, arguments: Vec<String>, current: String) {
    let arguments = Arguments::read(arguments.into_iter().skip(1).map(PathBuf::from), Some(Path::new(&current)));
    if let Some(link) = arguments.deep_link {
        take_deep_link(app, link);
    }
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

    fn read(arguments: &[&str]) -> Arguments {
        Arguments::read(arguments.iter().map(PathBuf::from), Some(Path::new("/here")))
    }

    fn check(arguments: &[&str], data_dir: Option<&str>, folder: Option<&str>) {
        let (data_dir, folder) = (data_dir.map(PathBuf::from), folder.map(PathBuf::from));
        assert_eq!(read(arguments), Arguments { data_dir, folder, deep_link: None });
    }

    #[test]
    fn reads_arguments() {
        check(&[], None, None);
        check(&["bots/tally"], None, Some("/here/bots/tally"));
        check(&["--data-dir", "/data", "/bots/tally"], Some("/data"), Some("/bots/tally"));
        check(&["--unknown", "/a", "/b"], None, Some("/a"));
        check(&["--data-dir"], None, None);
    }

    #[test]
    fn a_link_stands_alone() {
        let link = "patchbay://auth/oauth2/callback?code=c&state=s";
        assert_eq!(read(&[link]), Arguments { deep_link: Some(link.to_owned()), ..Arguments::default() });
        check(&[link, "/bots/tally"], None, Some("/bots/tally"));
        check(&["--data-dir", "/data", link], Some("/data"), None);
        check(&["--", link], None, None);
    }
}
