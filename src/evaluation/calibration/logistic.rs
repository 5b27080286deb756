/// One case to fit: which parameters speak, how loud, and what came true.
#[derive(Clone, Debug, PartialEq)]
pub struct Row {
    /// Parameters and their values; each parameter at most once.
    pub features: Vec<(usize, f64)>,
    /// The log odds where all parameters are 0.
    pub offset: f64,
    /// What came true.
    pub right: bool,
    /// How much the case counts; more than 0.
    pub weight: f64,
}

/// Rounds of Newton's method: far more than it takes to settle, and the same number each time.
const ROUNDS: usize = 25;
/// The longest step of one round, in any parameter.
const LONGEST: f64 = 2.0;

/// What a parameter is believed to be before any row is seen.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Belief {
    /// Its likeliest value.
    pub value: f64,
    /// How far from it the parameter may well lie, one standard deviation; more than 0.
    pub spread: f64,
}

impl Belief {
    fn stiffness(self) -> f64 {
        1.0 / (self.spread * self.spread)
    }
}

/// Fits a logistic regression: the parameters under which what came true and what was believed are together the
/// likeliest. The same rows in the same order give the same parameters.
pub fn fit(rows: &[Row], beliefs: &[Belief]) -> Vec<f64> {
    let count = beliefs.len();
    let mut parameters: Vec<f64> = beliefs.iter().map(|belief| belief.value).collect();
    for _ in 0..ROUNDS {
        let held = parameters.iter().zip(beliefs);
        let mut gradient: Vec<f64> = held.map(|(value, belief)| (belief.value - value) * belief.stiffness()).collect();
        let mut curvature = vec![0.0; count * count];
        for (place, belief) in beliefs.iter().enumerate() {
            curvature[place * count + place] = belief.stiffness();
        }
        for row in rows {
            let said: f64 = row.features.iter().map(|(feature, value)| parameters[*feature] * value).sum();
            let probability = 1.0 / (1.0 + (-row.offset - said).exp());
            let off = row.weight * (f64::from(u8::from(row.right)) - probability);
            let bend = row.weight * probability * (1.0 - probability);
            for (feature, value) in &row.features {
                gradient[*feature] += off * value;
                for (other, second) in &row.features {
                    curvature[feature * count + other] += bend * value * second;
                }
            }
        }
        let step = solve(curvature, gradient);
        let longest = step.iter().fold(0.0, |longest: f64, part| longest.max(part.abs()));
        let scale = if longest > LONGEST { LONGEST / longest } else { 1.0 };
        parameters.iter_mut().zip(step).for_each(|(parameter, part)| *parameter += scale * part);
    }
    parameters
}

/// Solves a system with a symmetric positive definite matrix, given by rows, by Cholesky's method.
fn solve(mut matrix: Vec<f64>, mut right: Vec<f64>) -> Vec<f64> {
    let count = right.len();
    for row in 0..count {
        for column in 0..=row {
            let known: f64 = (0..column).map(|k| matrix[row * count + k] * matrix[column * count + k]).sum();
            let rest = matrix[row * count + column] - known;
            // Beliefs keep the diagonal above zero but for rounding.
            matrix[row * count + column] =
                if row == column { rest.max(1e-12).sqrt() } else { rest / matrix[column * count + column] };
        }
    }
    for row in 0..count {
        let known: f64 = (0..row).map(|k| matrix[row * count + k] * right[k]).sum();
        right[row] = (right[row] - known) / matrix[row * count + row];
    }
    for row in (0..count).rev() {
        let known: f64 = (row + 1..count).map(|k| matrix[k * count + row] * right[k]).sum();
        right[row] = (right[row] - known) / matrix[row * count + row];
    }
    right
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_system_is_solved() {
        let solution = solve(vec![4.0, 2.0, 2.0, 3.0], vec![10.0, 9.0]);
        assert!((solution[0] - 1.5).abs() < 1e-12 && (solution[1] - 2.0).abs() < 1e-12, "{solution:?}");
    }

    #[test]
    fn the_curve_that_made_the_data_is_found_again() {
        let mut rows = Vec::new();
        for place in 0..40 {
            let x = f64::from(place) / 4.0 - 5.0;
            let share = 1.0 / (1.0 + (-(0.5 + 1.5 * x)).exp());
            for (right, weight) in [(true, share), (false, 1.0 - share)] {
                let features = vec![(0, 1.0), (1, x)];
                rows.push(Row { features, offset: 0.0, right, weight: 100.0 * weight });
            }
        }
        let free = Belief { value: 0.0, spread: 1e3 };
        let found = fit(&rows, &[free, free]);
        assert!((found[0] - 0.5).abs() < 1e-3 && (found[1] - 1.5).abs() < 1e-3, "{found:?}");
        for row in &mut rows {
            row.offset = 0.5 * row.features[1].1;
        }
        let rest = fit(&rows, &[free, free]);
        assert!((rest[1] - 1.0).abs() < 1e-3, "what is known already is not learned again: {rest:?}");
        let held = fit(&rows, &[free, Belief { value: 0.25, spread: 1e-5 }]);
        assert!((held[1] - 0.25).abs() < 1e-3, "{held:?}");
    }
}
