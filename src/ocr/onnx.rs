//! The engine on ONNX Runtime: PP-OCRv4 detector, PP-OCRv6-small recogniser.
//!
//! ONNX Runtime's telemetry is switched off through its interface here. Newer versions also honour the environment
//! variable `ORT_DISABLE_TELEMETRY=1`, which the parent process sets on the children it starts.

use std::path::Path;
use std::sync::OnceLock;

use fast_image_resize as fr;
use image::RgbImage;
use ort::environment::Environment;
use ort::session::Session;
use ort::value::TensorRef;

use super::detect::{self, TextMap};
use super::engine::{Engine, OcrError, Quad, Recognised};
use super::recognise::{CROP_HEIGHT, MAX_CROP_WIDTH, planes};
use super::{decode, weights::Models};

/// The library is loaded once per process; later engines share it, whatever path they name.
static ENVIRONMENT: OnceLock<Result<Environment, String>> = OnceLock::new();

/// Both networks, loaded. One thread, no spinning: children are as many as cores.
pub struct OnnxEngine {
    detector: Session,
    recogniser: Session,
    dictionary: Vec<String>,
}

impl OnnxEngine {
    /// Loads the runtime and both models.
    ///
    /// # Errors
    /// When the library or a model cannot be loaded, or the recogniser carries no dictionary.
    pub fn load(models: &Models) -> Result<Self, OcrError> {
        let library = |cause: String| OcrError::Library { path: models.library.clone(), cause };
        let environment = ENVIRONMENT
            .get_or_init(|| {
                let builder = ort::init_from(&models.library).map_err(|e| e.to_string())?;
                builder.with_name("material-audit").with_telemetry(false).build().map_err(|e| e.to_string())
            })
            .as_ref()
            .map_err(|cause| library(cause.clone()))?;
        let detector = session(environment, &models.detector)?;
        let recogniser = session(environment, &models.recogniser)?;
        let dictionary = recogniser
            .metadata()
            .ok()
            .and_then(|m| m.custom("character"))
            .map(|c| decode::dictionary(&c))
            .ok_or_else(|| OcrError::Dictionary { path: models.recogniser.clone() })?;
        Ok(Self { detector, recogniser, dictionary })
    }
}

fn session(environment: &Environment, path: &Path) -> Result<Session, OcrError> {
    let build = || {
        Session::builder(environment)?
            .with_intra_threads(1)?
            .with_inter_threads(1)?
            .with_intra_op_spinning(false)?
            // Input sizes differ from call to call: remembered allocation plans would only pile up.
            .with_memory_pattern(false)?
            .commit_from_file(path)
    };
    build().map_err(|e: ort::Error| OcrError::Model { path: path.to_owned(), cause: e.to_string() })
}

/// Runs a network on one image; gives the output's shape and values.
fn run(session: &mut Session, image: &RgbImage) -> Result<(Vec<usize>, Vec<f32>), OcrError> {
    let failed = |e: ort::Error| OcrError::Inference(e.to_string());
    let input = planes(image);
    let shape = [1usize, 3, image.height() as usize, image.width() as usize];
    let tensor = TensorRef::from_array_view((shape, input.as_slice())).map_err(failed)?;
    let outputs = session.run(ort::inputs![tensor]).map_err(failed)?;
    let (shape, values) = outputs[0].try_extract_tensor::<f32>().map_err(failed)?;
    Ok((shape.iter().map(|&n| usize::try_from(n).unwrap_or(0)).collect(), values.to_vec()))
}

/// Plain bilinear sampling, as the networks were trained with.
fn resize(image: &RgbImage, width: u32, height: u32) -> Result<RgbImage, OcrError> {
    if detect::is_empty(image) {
        return Err(OcrError::EmptyImage);
    }
    if image.dimensions() == (width, height) {
        return Ok(image.clone());
    }
    let mut out = RgbImage::new(width, height);
    let how = fr::ResizeOptions::new().resize_alg(fr::ResizeAlg::Interpolation(fr::FilterType::Bilinear));
    let (w, h) = image.dimensions();
    let source = fr::images::ImageRef::new(w, h, image.as_raw(), fr::PixelType::U8x3)
        .map_err(|e| OcrError::Inference(e.to_string()))?;
    let mut target = fr::images::Image::from_slice_u8(width, height, &mut out, fr::PixelType::U8x3)
        .map_err(|e| OcrError::Inference(e.to_string()))?;
    fr::Resizer::new().resize(&source, &mut target, &how).map_err(|e| OcrError::Inference(e.to_string()))?;
    Ok(out)
}

impl Engine for OnnxEngine {
    fn detect(&mut self, page: &RgbImage, dpi: f32) -> Result<Vec<Quad>, OcrError> {
        let (width, height) = detect::input_size(page.width(), page.height(), dpi);
        let (shape, probability) = run(&mut self.detector, &resize(page, width, height)?)?;
        let (w, h) = (width as usize, height as usize);
        if probability.len() != w * h {
            return Err(OcrError::Inference(format!("检测模型输出形状为 {shape:?}")));
        }
        Ok(detect::boxes(TextMap { probability: &probability, width: w, height: h }, page.width(), page.height()))
    }

    fn recognise(&mut self, crop: &RgbImage) -> Result<Recognised, OcrError> {
        let width = (u64::from(crop.width()) * u64::from(CROP_HEIGHT)).div_ceil(u64::from(crop.height().max(1)));
        let width = u32::try_from(width).unwrap_or(MAX_CROP_WIDTH).clamp(8, MAX_CROP_WIDTH);
        let (shape, scores) = run(&mut self.recogniser, &resize(crop, width, CROP_HEIGHT)?)?;
        match shape.as_slice() {
            [1, steps, classes] if steps * classes == scores.len() => {
                Ok(decode::decode(&scores, *classes, &self.dictionary))
            }
            _ => Err(OcrError::Inference(format!("识别模型输出形状为 {shape:?}"))),
        }
    }
}
