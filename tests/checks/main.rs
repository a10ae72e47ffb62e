//! Checks over facts built in code: at least clean, defect, undecided and the near miss that must not fire.

mod blank_page;
mod build;
mod date_format;
mod manuals;
mod material_order;
mod missing_material;
mod missing_photo;
mod missing_seal;
mod page_orientation;
mod photo_background;
mod photo_not_colour;
mod scan_quality;
mod unexpected_material;
mod unreadable_file;
