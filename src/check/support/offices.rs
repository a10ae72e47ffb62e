//! Offices as the roster and the notice name them.

/// Whether the roster's 呈报渠道 names the office whose seal is asked: in brackets stand the alternatives of one name.
pub(crate) fn names_office(channel: &str, seal: &str) -> bool {
    let bare: String = strip_brackets(seal);
    bare.split(['或', '、', '，', ',', '/', '；'])
        .map(|office| office.trim().trim_end_matches("公章").trim_end_matches("印章").trim_end_matches("的"))
        .any(|office| office.chars().count() >= 2 && channel.contains(office))
        || channel.contains(seal)
}

fn strip_brackets(text: &str) -> String {
    let mut depth = 0_u32;
    text.chars()
        .filter(|c| match c {
            '（' | '(' | '〔' => {
                depth += 1;
                false
            }
            '）' | ')' | '〕' => {
                depth = depth.saturating_sub(1);
                false
            }
            _ => depth == 0,
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_roster_names_an_office_by_any_of_its_names() {
        assert!(names_office("主管部门、县人社局", "县（区、市）人社局公章"));
        assert!(names_office("市人社局", "市人社局或省主管部门"));
        assert!(!names_office("主管部门", "县（区、市）人社局公章"));
        assert!(!names_office("市人社局", "县（区、市）人社局公章"));
        assert!(!names_office("", "市人社局"));
    }
}
