//! Small rotations, such as undo a scanner's skew.

use image::RgbImage;

/// Fixed point: a sixteenth of a pixel would show as jagged rules, 1/65536 does not.
const ONE: i64 = 1 << 16;

/// The image rotated clockwise about its centre by small degrees; same size, corners filled with white, bilinear.
#[must_use]
pub fn rotated(image: &RgbImage, degrees: f32) -> RgbImage {
    let (width, height) = image.dimensions();
    let (w, h) = (i64::from(width), i64::from(height));
    let (sin, cos) = f64::from(degrees).to_radians().sin_cos();
    let fixed = |v: f64| (v * ONE as f64).round() as i64;
    let (cx, cy) = (f64::from(width) / 2.0, f64::from(height) / 2.0);
    let (step_x, step_y) = (fixed(cos), fixed(-sin));
    let raw = image.as_raw();
    let mut out = RgbImage::from_pixel(width, height, image::Rgb([255; 3]));
    let stride = width as usize * 3;
    for (y, row) in out.chunks_exact_mut(stride.max(1)).enumerate() {
        // The pixel's own place, turned back by the angle.
        let dy = y as f64 - cy;
        let (mut sx, mut sy) = (fixed(cx - cx * cos + dy * sin), fixed(cy + cx * sin + dy * cos));
        for to in row.as_chunks_mut::<3>().0 {
            let (x0, y0) = (sx >> 16, sy >> 16);
            if x0 >= 0 && y0 >= 0 && x0 + 1 < w && y0 + 1 < h {
                let (fx, fy) = (((sx & (ONE - 1)) >> 8) as u32, ((sy & (ONE - 1)) >> 8) as u32);
                let at = y0 as usize * stride + x0 as usize * 3;
                let (top, bottom) = (&raw[at..at + 6], &raw[at + stride..at + stride + 6]);
                for c in 0..3 {
                    let upper = u32::from(top[c]) * (256 - fx) + u32::from(top[c + 3]) * fx;
                    let lower = u32::from(bottom[c]) * (256 - fx) + u32::from(bottom[c + 3]) * fx;
                    to[c] = ((upper * (256 - fy) + lower * fy + (1 << 15)) >> 16) as u8;
                }
            }
            sx += step_x;
            sy += step_y;
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use image::Rgb;

    use super::*;

    #[test]
    fn rotation_is_clockwise_and_fills_white() {
        let mut image = RgbImage::from_pixel(101, 101, Rgb([200; 3]));
        image.put_pixel(99, 50, Rgb([0; 3]));
        let rotated = rotated(&image, 10.0);
        let (_, y, _) = rotated.enumerate_pixels().min_by_key(|(.., p)| p.0[0]).expect("pixels");
        assert!(y > 50, "the right end goes down");
        assert_eq!(rotated.get_pixel(0, 0).0, [255; 3]);
    }

    #[test]
    fn no_turn_changes_no_pixel_inside() {
        let image = RgbImage::from_fn(40, 30, |x, y| Rgb([(x * 6) as u8, (y * 8) as u8, (x * y) as u8]));
        let same = rotated(&image, 0.0);
        assert!((0..29).all(|y| (0..39).all(|x| same.get_pixel(x, y) == image.get_pixel(x, y))));
    }

    #[test]
    fn a_turn_and_its_reverse_give_back_the_middle() {
        let image = RgbImage::from_fn(200, 200, |x, y| Rgb([((x / 20 + y / 20) % 2 * 200) as u8; 3]));
        let back = rotated(&rotated(&image, 3.0), -3.0);
        let near = |x: u32, y: u32| back.get_pixel(x, y).0[0].abs_diff(image.get_pixel(x, y).0[0]) < 40;
        // Away from the squares' edges, where sampling twice blurs.
        assert!((65..140).step_by(5).all(|y| (65..140).step_by(5).all(|x| x % 20 < 5 || y % 20 < 5 || near(x, y))));
    }

    #[test]
    fn an_image_without_pixels_stays_so() {
        assert_eq!(rotated(&RgbImage::new(0, 0), 2.0).dimensions(), (0, 0));
        assert_eq!(rotated(&RgbImage::from_pixel(1, 1, Rgb([9; 3])), 2.0).dimensions(), (1, 1));
    }
}
