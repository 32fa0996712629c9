//! A chosen file on its way to the core, in pieces, because not every webview passes raw bytes.

use base64::{Engine, engine::general_purpose::STANDARD};
use js_sys::Uint8Array;
use shared::{
    DraftId,
    ipc::{
        Code, FormUpload, ImportUpload, IpcError, PhotoUpload, PlateUpload, PutFormChunk,
        PutImportChunk, PutPhotoChunk, PutPlateChunk,
    },
};
use wasm_bindgen::JsValue;
use wasm_bindgen_futures::JsFuture;
use web_sys::{File, FileList};

use crate::ipc;

/// Bytes of one piece: small enough that typing is saved in between without a wait.
const PIECE: u64 = 256 * 1024;

/// A file being handed over.
#[derive(Debug, Clone)]
pub(crate) struct Upload {
    file: File,
    name: String,
    offset: u64,
    total: u64,
}

impl Upload {
    /// Hands over `file`. `name` tells this attempt from all others since the app started.
    pub(crate) fn new(file: File, name: String) -> Self {
        let total = whole(file.size());
        Self {
            file,
            name,
            offset: 0,
            total,
        }
    }

    /// Begins anew, under another name.
    pub(crate) fn again(&mut self, name: String) {
        self.name = name;
        self.offset = 0;
    }

    /// How much the core has, in hundredths.
    pub(crate) fn percent(&self) -> u64 {
        (self.offset * 100).checked_div(self.total).unwrap_or(0)
    }

    /// Hands over the next piece of a photo; `Stored` with the last.
    pub(crate) async fn next(&mut self, draft: Option<DraftId>) -> Result<PhotoUpload, IpcError> {
        let data = self.piece().await?;
        let answer = ipc::call(PutPhotoChunk {
            draft,
            upload: self.name.clone(),
            offset: self.offset,
            total: self.total,
            data,
        })
        .await?;
        if let PhotoUpload::Receiving { received } = answer {
            self.offset = received;
        }
        Ok(answer)
    }

    /// Hands over the next piece of a photo of a door plate; `Read` with the last.
    pub(crate) async fn next_of_plate(&mut self) -> Result<PlateUpload, IpcError> {
        let data = self.piece().await?;
        let answer = ipc::call(PutPlateChunk {
            upload: self.name.clone(),
            offset: self.offset,
            total: self.total,
            data,
        })
        .await?;
        if let PlateUpload::Receiving { received } = answer {
            self.offset = received;
        }
        Ok(answer)
    }

    /// Hands over the next piece of a table; `Read` with the last.
    pub(crate) async fn next_of_table(&mut self) -> Result<ImportUpload, IpcError> {
        let data = self.piece().await?;
        let answer = ipc::call(PutImportChunk {
            upload: self.name.clone(),
            offset: self.offset,
            total: self.total,
            data,
        })
        .await?;
        if let ImportUpload::Receiving { received } = answer {
            self.offset = received;
        }
        Ok(answer)
    }

    /// Hands over the next piece of a form or of a list of it, `called` so; `Checked` with the last.
    pub(crate) async fn next_of_form(&mut self, called: &str) -> Result<FormUpload, IpcError> {
        let data = self.piece().await?;
        let answer = ipc::call(PutFormChunk {
            upload: self.name.clone(),
            file: called.to_owned(),
            offset: self.offset,
            total: self.total,
            data,
        })
        .await?;
        if let FormUpload::Receiving { received } = answer {
            self.offset = received;
        }
        Ok(answer)
    }

    async fn piece(&self) -> Result<String, IpcError> {
        let end = (self.offset + PIECE).min(self.total);
        let piece = self.read(self.offset, end).await.map_err(unreadable)?;
        Ok(STANDARD.encode(piece))
    }

    async fn read(&self, from: u64, to: u64) -> Result<Vec<u8>, JsValue> {
        let piece = self.file.slice_with_f64_and_f64(number(from), number(to))?;
        let buffer = JsFuture::from(piece.array_buffer()).await?;
        Ok(Uint8Array::new(&buffer).to_vec())
    }
}

/// The files of a list.
pub(crate) fn files(list: &FileList) -> Vec<File> {
    (0..list.length()).filter_map(|at| list.get(at)).collect()
}

/// The file was there when it was chosen and can't be read now.
fn unreadable(_: JsValue) -> IpcError {
    IpcError {
        code: Code::PhotoFile,
        detail: "a chosen file can't be read".to_owned(),
    }
}

#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "sizes of files are whole, not negative, and far below 2^53"
)]
fn whole(size: f64) -> u64 {
    size as u64
}

#[expect(
    clippy::cast_precision_loss,
    reason = "sizes of files are far below 2^53"
)]
fn number(size: u64) -> f64 {
    size as f64
}
