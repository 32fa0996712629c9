//! Paths (XPath 1.0 §2) whose steps are known nodes of the form before anything is answered.
//!
//! A path from the top, or `${name}`, is seen from the question: inside of a repeat it means the
//! answers of the same instance, as JavaRosa takes it and as pyxform writes it. It means those of
//! all instances as soon as brackets or the target itself say so.

use super::{
    NodeId, What,
    expr::{Expr, From, Path, Step},
    order::Use,
    resolve::{Here, Resolver},
};
use crate::xpath::ast::{self, Ast, Axis, Start};

/// Nodes on the way, each with what its brackets ask for.
type Way = Vec<(NodeId, Vec<Expr>)>;

impl Resolver<'_> {
    pub(super) fn path(&mut self, path: &ast::Path) -> Result<Expr, What> {
        match (&path.start, self.here) {
            (Start::Call(call), _) if call.name == "instance" => self.lookup(path, call),
            (Start::Here, Here::Row(list)) => self.cell(list, &path.steps),
            (Start::LastSaved(name), _) => {
                if !path.steps.is_empty() || !path.predicates.is_empty() {
                    return Err(What::Unsupported("a way on from what was last saved"));
                }
                Ok(Expr::LastSaved(self.named(name)?))
            }
            (Start::Call(call), _) if call.name == "current" && path.predicates.is_empty() => {
                self.at_home(|resolver| resolver.relative(&path.steps))
            }
            (Start::Call(_), _) => Err(What::Unsupported("a way on from what a function answers")),
            (Start::Here, _) => self.relative(&path.steps),
            (Start::Top, _) => self.absolute(&path.steps),
            (Start::Reference(name), _) => self.reference(name, &path.predicates, &path.steps),
        }
    }

    /// Where a path can lead, whatever its brackets say.
    pub(super) fn targets(&mut self, path: &ast::Path) -> Result<Vec<NodeId>, What> {
        match self.path(path)? {
            Expr::Path(Path { from, steps }) => {
                let home = self.home;
                let mut at = match (from, self.here) {
                    (From::Around(node), _) | (From::Here, Here::Node { node, .. }) => vec![node],
                    _ => vec![home],
                };
                for step in &steps {
                    at = match step {
                        Step::Up => at
                            .iter()
                            .filter_map(|node| self.nodes[*node].parent)
                            .collect(),
                        Step::Down { to, .. } => to.clone(),
                    };
                }
                Ok(at)
            }
            _ => Err(What::Unsupported("this path here")),
        }
    }

    /// The one node of this name; the nearest, when a group around the question has its own.
    fn named(&self, name: &str) -> Result<NodeId, What> {
        let found: Vec<_> = self
            .nodes
            .iter()
            .filter(|(_, node)| node.name == name)
            .map(|(id, _)| id)
            .collect();
        match found.as_slice() {
            [node] => Ok(*node),
            [] => Err(What::NoSuchName {
                name: name.to_owned(),
                near: near(name, self.nodes.iter().map(|(_, node)| node.name.as_str())),
            }),
            _ => Err(What::Ambiguous(name.to_owned())),
        }
    }

    fn reference(
        &mut self,
        name: &str,
        predicates: &[Ast],
        steps: &[ast::Step],
    ) -> Result<Expr, What> {
        let node = self.named(name)?;
        let mut way: Way = super::chain(self.nodes, node)
            .into_iter()
            .map(|node| (node, Vec::new()))
            .collect();
        let around = self.around_of(&way);
        if let Some((_, last)) = way.last_mut() {
            *last = self.brackets(node, around, predicates)?;
        }
        self.onward(way, steps)
    }

    fn absolute(&mut self, steps: &[ast::Step]) -> Result<Expr, What> {
        let Some((first, rest)) = steps.split_first() else {
            return Err(What::Unsupported("the top of the form as a value"));
        };
        let root = NodeId::ROOT;
        match &first.axis {
            Axis::Descendant(name) => {
                let node = self.named(name)?;
                let mut way: Way = super::chain(self.nodes, node)
                    .into_iter()
                    .map(|node| (node, Vec::new()))
                    .collect();
                if let Some((_, last)) = way.last_mut() {
                    *last = self.brackets(node, root, &first.predicates)?;
                }
                self.onward(way, rest)
            }
            Axis::Child(name) if *name == self.nodes[root].name => {
                self.onward(vec![(root, Vec::new())], rest)
            }
            Axis::AnyChild => self.onward(vec![(root, Vec::new())], rest),
            Axis::Child(name) => Err(What::NoSuchName {
                name: format!("/{name}"),
                near: Some(format!("/{}", self.nodes[root].name)),
            }),
            Axis::Parent | Axis::Same => Err(What::AboveTheForm),
        }
    }

    /// Goes on from a way down from the top.
    fn onward(&mut self, mut way: Way, steps: &[ast::Step]) -> Result<Expr, What> {
        let mut steps = steps.iter();
        let mut rest = Vec::new();
        for step in steps.by_ref() {
            let at = way.last().map_or(NodeId::ROOT, |(node, _)| *node);
            if let Axis::Child(name) = &step.axis {
                let child = self.child(at, name)?;
                let around = self.around_of(&way);
                let predicates = self.brackets(child, around, &step.predicates)?;
                way.push((child, predicates));
                continue;
            }
            rest.push(step);
            break;
        }
        rest.extend(steps);
        let at = way.last().map_or(NodeId::ROOT, |(node, _)| *node);
        let (mut path, around) = self.around(way);
        self.walk(vec![at], around, &rest, &mut path.steps)?;
        Ok(Expr::Path(path))
    }

    /// A way from the top, begun where the question stands, or what the brackets around look at;
    /// its target and the repeats on the way are noted as used.
    pub(super) fn around(&mut self, way: Way) -> (Path, NodeId) {
        let shared = self.around_of(&way);
        let begins = way.iter().position(|(node, _)| *node == shared);
        let target = way.last().map_or(NodeId::ROOT, |(node, _)| *node);
        let (from, around, mut steps) = match self.here {
            Here::Node { node, around } => {
                let depth = super::chain(self.nodes, node).len();
                let ups = depth.saturating_sub(begins.map_or(1, |at| at + 1));
                (From::Here, around, vec![Step::Up; ups])
            }
            Here::Home | Here::Row(_) => (From::Around(shared), shared, Vec::new()),
        };
        for (node, predicates) in way.into_iter().skip(begins.map_or(0, |at| at + 1)) {
            self.note(node, around, node == target);
            steps.push(Step::Down {
                to: vec![node],
                predicates,
            });
        }
        if shared == target {
            self.note(target, around, true);
        }
        (Path { from, steps }, around)
    }

    /// The last node of a way that holds the question too, or what the brackets around look at, and
    /// is not the way's own end: what stands below it is looked for in every instance. Brackets on
    /// the way end it.
    fn around_of(&self, way: &Way) -> NodeId {
        let seen_from = match self.here {
            Here::Node { node, .. } => node,
            Here::Home | Here::Row(_) => self.home,
        };
        let mut around = NodeId::ROOT;
        let inner = way.len().saturating_sub(1);
        for (node, predicates) in way.iter().take(inner) {
            let holds = *node <= seen_from && seen_from < self.nodes[*node].end;
            if !holds || !predicates.is_empty() {
                break;
            }
            around = *node;
        }
        around
    }

    fn relative(&mut self, steps: &[ast::Step]) -> Result<Expr, What> {
        let (from, at, around) = match self.here {
            Here::Node { node, around } => (From::Here, node, Some(around)),
            _ => (From::Home, self.home, None),
        };
        // The way up is the same for every answer below where it turns.
        let ups = steps
            .iter()
            .take_while(|step| matches!(step.axis, Axis::Parent | Axis::Same));
        let ups = ups.filter(|step| step.axis == Axis::Parent).count();
        let mut turn = at;
        for _ in 0..ups {
            turn = self.nodes[turn].parent.ok_or(What::AboveTheForm)?;
        }
        let mut path = Path {
            from,
            steps: Vec::new(),
        };
        let steps: Vec<_> = steps.iter().collect();
        self.walk(vec![at], around.unwrap_or(turn), &steps, &mut path.steps)?;
        Ok(Expr::Path(path))
    }

    /// Steps from known nodes, noted as used where they end and where they enter a repeat.
    fn walk(
        &mut self,
        mut at: Vec<NodeId>,
        around: NodeId,
        steps: &[&ast::Step],
        walked: &mut Vec<Step>,
    ) -> Result<(), What> {
        for (number, step) in steps.iter().enumerate() {
            let is_end = number + 1 == steps.len();
            let to = match &step.axis {
                Axis::Same => at.clone(),
                Axis::Parent => {
                    let up = at
                        .iter()
                        .map(|node| self.nodes[*node].parent.ok_or(What::AboveTheForm));
                    let mut up = up.collect::<Result<Vec<_>, _>>()?;
                    up.dedup();
                    up
                }
                Axis::Child(name) => {
                    let children = at.iter().map(|node| self.child(*node, name));
                    children.collect::<Result<_, _>>()?
                }
                Axis::AnyChild => at
                    .iter()
                    .flat_map(|node| self.nodes[*node].children.iter().copied())
                    .collect(),
                Axis::Descendant(_) => return Err(What::Unsupported("`//` after a step")),
            };
            for node in &to {
                self.note(*node, around, is_end);
            }
            let goes_down = matches!(step.axis, Axis::Child(_) | Axis::AnyChild);
            if !goes_down && !step.predicates.is_empty() {
                return Err(What::Unsupported("brackets behind `.` and `..`"));
            }
            if goes_down {
                let predicates = match (to.as_slice(), step.predicates.is_empty()) {
                    (_, true) => Vec::new(),
                    ([node], false) => self.brackets(*node, around, &step.predicates)?,
                    (_, false) => return Err(What::Unsupported("brackets behind `*`")),
                };
                walked.push(Step::Down {
                    to: to.clone(),
                    predicates,
                });
            } else if step.axis == Axis::Parent {
                walked.push(Step::Up);
            }
            at = to;
        }
        // `.` alone, and a way on that is none.
        if steps.iter().all(|step| step.axis == Axis::Same) {
            for node in at {
                self.note(node, around, true);
            }
        }
        Ok(())
    }

    fn brackets(
        &mut self,
        node: NodeId,
        around: NodeId,
        predicates: &[Ast],
    ) -> Result<Vec<Expr>, What> {
        let before = std::mem::replace(&mut self.here, Here::Node { node, around });
        let read: Result<_, _> = predicates
            .iter()
            .map(|predicate| self.expression(predicate))
            .collect();
        self.here = before;
        read
    }

    fn child(&self, of: NodeId, name: &str) -> Result<NodeId, What> {
        let children = &self.nodes[of].children;
        let found = children
            .iter()
            .find(|child| self.nodes[**child].name == name);
        found.copied().ok_or_else(|| What::NoSuchName {
            name: name.to_owned(),
            near: near(
                name,
                children
                    .iter()
                    .map(|child| self.nodes[*child].name.as_str()),
            ),
        })
    }

    /// Notes that a value is used: where a path ends, and how many instances a repeat on its way
    /// has.
    fn note(&mut self, node: NodeId, around: NodeId, is_end: bool) {
        if is_end || self.nodes[node].is_repeat() {
            self.uses.push(Use { node, around });
        }
    }
}

/// What is there and was perhaps meant: off by a letter or two.
pub(crate) fn near<'a>(name: &str, there: impl Iterator<Item = &'a str>) -> Option<String> {
    let scored = there.map(|other| (distance(name, other), other));
    let (distance, best) = scored.min()?;
    (distance <= 2 && distance < name.chars().count()).then(|| best.to_owned())
}

/// How many letters must change to make one word of the other (Levenshtein).
fn distance(one: &str, other: &str) -> usize {
    let other: Vec<char> = other.chars().collect();
    let mut row: Vec<usize> = (0..=other.len()).collect();
    for (line, letter) in one.chars().enumerate() {
        let mut diagonal = line;
        let mut left = line + 1;
        let mut next = vec![left];
        for (other, above) in other.iter().zip(row.iter().skip(1)) {
            let changed = diagonal + usize::from(letter != *other);
            diagonal = *above;
            left = changed.min(left + 1).min(above + 1);
            next.push(left);
        }
        row = next;
    }
    row.last().copied().unwrap_or_default()
}
