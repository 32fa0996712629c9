//! Makes a program of a form: first the nodes with their names, then all that is said of them.

use std::{collections::BTreeMap, sync::Arc};

use super::{
    ListId, NodeId, Part, Place, Problem, Program, Spoken, What,
    expr::Expr,
    list::{Beside, Listing, Rows},
    node::{Default as Begin, Field, Node, Offer, Shape, Shuffle},
    order::{Aspect, Order, Task, Use},
    resolve::{Here, Resolver},
};
use crate::{
    Form,
    arena::{Arena, Id as _},
    definition::{self, Choices, FORMAT, Item, Kind, Question, Source},
    xpath,
};

/// What a file means that is not there.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Missing {
    IsAProblem,
    ComesLater,
}

pub(super) fn program(
    mut form: Form,
    mut beside: Beside,
    missing: Missing,
) -> Result<Program, Vec<Problem>> {
    if form.format > FORMAT {
        let place = Place {
            item: None,
            part: Part::Type,
        };
        return Err(vec![Problem {
            place,
            what: What::Newer(form.format),
        }]);
    }
    let items = std::mem::take(&mut form.items);
    let mut build = Build {
        nodes: Arena::default(),
        items: Vec::new(),
        lists: Arena::default(),
        uses: BTreeMap::new(),
        problems: Vec::new(),
    };
    for list in std::mem::take(&mut form.lists) {
        build.lists.push(Listing::here(list.name, list.rows));
    }
    for name in &form.files {
        let listing = Listing::beside(name.clone(), &mut beside);
        if listing.rows == Rows::ToCome && missing == Missing::IsAProblem {
            build.problem(None, Part::Type, What::FileMissing(name.clone()));
        }
        build.lists.push(listing);
    }
    let root = build
        .nodes
        .push(empty(form.root.clone(), None, 0, Shape::Group));
    build.children(root, &items);
    for (node, item) in std::mem::take(&mut build.items) {
        build.fill(node, item);
    }
    let instance_name = form.instance_name.as_deref().and_then(|text| {
        let part = Part::InstanceName;
        build
            .resolve(root, part, |resolver| {
                resolver.expression(&xpath::parse(text)?)
            })
            .map(|(expr, _)| expr)
    });
    for (at, entity) in form.entities.iter().enumerate() {
        for (part, text) in [
            (Part::EntityLabel, &entity.label),
            (Part::EntityId, &entity.id),
            (Part::EntityCreate, &entity.create_if),
            (Part::EntityUpdate, &entity.update_if),
        ] {
            build.entity(at, part, text.as_deref());
        }
    }
    if !build.problems.is_empty() {
        build.problems.sort_by_key(|problem| problem.place);
        return Err(build.problems);
    }
    let order = Order::of(&build.nodes, &build.uses)?;
    Ok(Program {
        form: Arc::new(form),
        nodes: Arc::new(build.nodes),
        lists: build.lists,
        order: Arc::new(order),
        instance_name,
    })
}

struct Build<'a> {
    nodes: Arena<NodeId, Node>,
    /// Every node but the root, in order, with where it comes from.
    items: Vec<(NodeId, &'a Item)>,
    lists: Arena<ListId, Listing>,
    uses: BTreeMap<Task, Vec<Use>>,
    problems: Vec<Problem>,
}

fn empty(name: String, parent: Option<NodeId>, slot: usize, shape: Shape) -> Node {
    Node {
        name,
        parent,
        slot,
        children: Vec::new(),
        end: NodeId::ROOT,
        label: Spoken::default(),
        hint: Spoken::default(),
        appearance: String::new(),
        relevant: None,
        shape,
    }
}

impl<'a> Build<'a> {
    fn children(&mut self, parent: NodeId, items: &'a [Item]) {
        for item in items {
            let slot = self.nodes[parent].children.len();
            let is_taken = |child: &NodeId| self.nodes[*child].name == item.name;
            let is_taken = self.nodes[parent].children.iter().any(is_taken);
            let (shape, inner): (_, &[Item]) = match &item.shape {
                definition::Shape::Group { items } => (Shape::Group, items),
                definition::Shape::Repeat { items, .. } => (Shape::Repeat { count: None }, items),
                definition::Shape::Question(question) => {
                    (Shape::Field(Box::new(field(question))), &[])
                }
            };
            let node = self
                .nodes
                .push(empty(item.name.clone(), Some(parent), slot, shape));
            if is_taken {
                self.problem(Some(node), Part::Name, What::NameTaken(item.name.clone()));
            }
            self.nodes[parent].children.push(node);
            self.items.push((node, item));
            self.children(node, inner);
        }
        let end = self.nodes.ids().last().map_or(1, |last| last.index() + 1);
        self.nodes[parent].end = NodeId::of(end);
    }

    fn fill(&mut self, node: NodeId, item: &Item) {
        let label = self.words(node, Part::Label, &item.label);
        let hint = self.words(node, Part::Hint, &item.hint);
        let relevant = self.task(
            (node, Aspect::Relevant),
            Part::Relevant,
            item.relevant.as_deref(),
        );
        let shape = match &item.shape {
            definition::Shape::Group { .. } => Shape::Group,
            definition::Shape::Repeat { count, .. } => Shape::Repeat {
                count: self.task((node, Aspect::Count), Part::Count, count.as_deref()),
            },
            definition::Shape::Question(question) => {
                Shape::Field(Box::new(self.field(node, question)))
            }
        };
        let appearance = item.appearance.clone();
        let Node {
            name,
            parent,
            slot,
            children,
            end,
            ..
        } = std::mem::replace(
            &mut self.nodes[node],
            empty(item.name.clone(), None, 0, Shape::Group),
        );
        self.nodes[node] = Node {
            name,
            parent,
            slot,
            children,
            end,
            label,
            hint,
            appearance,
            relevant,
            shape,
        };
    }

    fn field(&mut self, node: NodeId, question: &Question) -> Field {
        let value = (node, Aspect::Value);
        let triggers = self.triggers(node, &question.trigger);
        let calculate = question.calculate.as_deref();
        Field {
            // What waits for a trigger is not computed when anything else changes.
            calculate: if triggers.is_empty() {
                self.task(value, Part::Calculate, calculate)
            } else {
                self.expression(node, Part::Calculate, calculate)
            },
            triggers,
            default: self.default(node, question),
            required: self.expression(node, Part::Required, question.required.as_deref()),
            required_message: self.words(node, Part::RequiredMessage, &question.required_message),
            constraint: self.expression(node, Part::Constraint, question.constraint.as_deref()),
            constraint_message: self.words(
                node,
                Part::ConstraintMessage,
                &question.constraint_message,
            ),
            read_only: self.expression(node, Part::ReadOnly, question.read_only.as_deref()),
            choices: question
                .choices
                .as_ref()
                .and_then(|choices| self.offer(node, choices)),
            media: question
                .media
                .iter()
                .map(|(kind, words)| (kind.clone(), self.words(node, Part::Label, words)))
                .collect(),
            ..field(question)
        }
    }

    fn triggers(&mut self, node: NodeId, names: &[String]) -> Vec<NodeId> {
        let mut triggers = Vec::new();
        for name in names {
            let found = self.resolve(node, Part::Trigger, |resolver| {
                let text = if name.contains('$') {
                    name.clone()
                } else {
                    format!("${{{name}}}")
                };
                let found = match xpath::parse(&text)? {
                    xpath::ast::Ast::Path(path) => resolver.targets(&path)?,
                    _ => Vec::new(),
                };
                let is_asked = |node: &NodeId| {
                    resolver.nodes[*node]
                        .field()
                        .is_some_and(|field| field.kind != Kind::Note)
                };
                match found.as_slice() {
                    [trigger] if is_asked(trigger) => Ok(*trigger),
                    _ => Err(What::NoQuestion(name.clone())),
                }
            });
            if let Some((trigger, uses)) = found {
                triggers.push(trigger);
                self.uses
                    .entry((node, Aspect::Value))
                    .or_default()
                    .extend(uses);
            }
        }
        triggers
    }

    fn default(&mut self, node: NodeId, question: &Question) -> Begin {
        let Some(text) = question.default.as_deref().filter(|text| !text.is_empty()) else {
            return Begin::Empty;
        };
        if !is_dynamic(text) {
            return Begin::Text(text.to_owned());
        }
        self.expression(node, Part::Default, Some(text))
            .map_or(Begin::Empty, Begin::Computed)
    }

    fn offer(&mut self, node: NodeId, choices: &Choices) -> Option<Offer> {
        let (name, value, label) = match &choices.from {
            Source::List(name) => (name, "name", "label"),
            Source::File { name, value, label } => (name, value.as_str(), label.as_str()),
        };
        let (found, _) = self.resolve(node, Part::Type, |resolver| {
            let list = resolver.list(name)?;
            let listing = &mut resolver.lists[list];
            Ok((list, listing.column(value)?, listing.labels(label)?))
        })?;
        let (list, value, labels) = found;
        let filter = choices.filter.as_deref().unwrap_or_default();
        let filters = if filter.is_empty() {
            Vec::new()
        } else {
            let (filters, uses) = self.resolve(node, Part::Filter, |resolver| {
                resolver.filters(list, &[xpath::parse(filter)?])
            })?;
            self.uses
                .entry((node, Aspect::Offer))
                .or_default()
                .extend(uses);
            filters
        };
        let seed = self.expression(node, Part::Seed, choices.seed.as_deref());
        let shuffle = match (choices.randomize, seed) {
            (false, _) => Shuffle::No,
            (true, None) => Shuffle::Random,
            (true, Some(seed)) => Shuffle::Seeded(seed),
        };
        Some(Offer {
            list,
            filters,
            value,
            labels,
            shuffle,
        })
    }

    fn words(&mut self, node: NodeId, part: Part, words: &definition::Words) -> Spoken {
        self.resolve(node, part, |resolver| Spoken::of(words, resolver))
            .map(|(spoken, _)| spoken)
            .unwrap_or_default()
    }

    /// An expression that is computed anew whenever something it uses changes.
    fn task(&mut self, task: Task, part: Part, text: Option<&str>) -> Option<Expr> {
        let text = text.filter(|text| !text.is_empty())?;
        let (expr, uses) = self.resolve(task.0, part, |resolver| {
            resolver.expression(&xpath::parse(text)?)
        })?;
        self.uses.entry(task).or_default().extend(uses);
        Some(expr)
    }

    /// An expression that is computed when somebody looks.
    fn expression(&mut self, node: NodeId, part: Part, text: Option<&str>) -> Option<Expr> {
        let text = text.filter(|text| !text.is_empty())?;
        self.resolve(node, part, |resolver| {
            resolver.expression(&xpath::parse(text)?)
        })
        .map(|(expr, _)| expr)
    }

    /// What is said of an entity must be an expression; it is computed by whoever makes the record.
    fn entity(&mut self, at: usize, part: Part, text: Option<&str>) {
        let before = self.problems.len();
        self.expression(NodeId::ROOT, part, text);
        for problem in self.problems.iter_mut().skip(before) {
            problem.place.item = Some(at);
        }
    }

    fn resolve<T>(
        &mut self,
        home: NodeId,
        part: Part,
        read: impl FnOnce(&mut Resolver<'_>) -> Result<T, What>,
    ) -> Option<(T, Vec<Use>)> {
        let mut resolver = Resolver {
            nodes: &self.nodes,
            lists: &mut self.lists,
            home,
            here: Here::Home,
            uses: Vec::new(),
        };
        match read(&mut resolver) {
            Ok(read) => Some((read, resolver.uses)),
            Err(what) => {
                self.problem((home != NodeId::ROOT).then_some(home), part, what);
                None
            }
        }
    }

    fn problem(&mut self, node: Option<NodeId>, part: Part, what: What) {
        let item = node.and_then(|node| node.index().checked_sub(1));
        self.problems.push(Problem {
            place: Place { item, part },
            what,
        });
    }
}

fn field(question: &Question) -> Field {
    Field {
        kind: question.kind,
        calculate: None,
        triggers: Vec::new(),
        default: Begin::Empty,
        required: None,
        required_message: Spoken::default(),
        constraint: None,
        constraint_message: Spoken::default(),
        read_only: None,
        choices: None,
        parameters: question.parameters.clone(),
        media: BTreeMap::new(),
    }
}

/// Whether a default is an expression: it calls a function or refers to something, as pyxform
/// tells it. Plain words, dates and numbers are themselves, even where they could be computed.
fn is_dynamic(text: &str) -> bool {
    let is_call = |at: usize| {
        let before = text.get(..at).unwrap_or_default().trim_end();
        before.ends_with(|letter: char| letter.is_alphanumeric() || letter == '-')
    };
    text.contains("${") || text.match_indices('(').any(|(at, _)| is_call(at))
}
