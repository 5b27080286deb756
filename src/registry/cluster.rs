use std::collections::{BTreeMap, HashMap, VecDeque};
use std::fmt;

use serde::{Deserialize, Serialize};

use super::Identity;
use crate::model::{EntityId, Opinion, RecordId};

/// A judgement that holds, reduced to what clusters are made of.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Link {
    /// The judgement's number.
    pub number: u64,
    /// One record.
    pub left: RecordId,
    /// The other record.
    pub right: RecordId,
    /// What is held of them.
    pub opinion: Opinion,
}

/// Records that are judged to stand for one party.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Cluster {
    /// The oldest id of its records, the smallest of equally old ones.
    pub id: EntityId,
    /// Its records in order; never empty.
    pub records: Vec<RecordId>,
}

/// Two records judged different that other judgements tie together.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Conflict {
    /// The judgement that holds them different; 0 for one that was not added.
    pub judgement: u64,
    /// From one of them to the other, each judged the same as the next: a shortest such chain.
    pub chain: Vec<RecordId>,
}

impl fmt::Display for Conflict {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (Some(first), Some(last)) = (self.chain.first(), self.chain.last()) else { return Ok(()) };
        match self.judgement {
            0 => write!(f, "{first} and {last} cannot be judged different, they are tied as the same: ")?,
            number => write!(f, "{first} and {last} are judged different (judgement {number}) and tied as the same: ")?,
        }
        for (place, record) in self.chain.iter().enumerate() {
            if place > 0 {
                f.write_str(" = ")?;
            }
            write!(f, "{record}")?;
        }
        Ok(())
    }
}

/// The clusters that judgements make of records, ordered by id.
///
/// A pure function of its arguments as sets: their order does not matter. Every record is in exactly one cluster; two
/// are in one cluster if and only if a chain of `same` links leads from one to the other. A link that reaches outside
/// `identities` says nothing about them. A `different` link within a cluster is a conflict: the one of the lowest
/// number is given. Costs O((n + m) log n).
pub fn clusters(identities: &[Identity], links: &[Link]) -> Result<Vec<Cluster>, Conflict> {
    let mut order: Vec<&Identity> = identities.iter().collect();
    order.sort_by(|left, right| left.record.cmp(&right.record));
    let place: HashMap<&RecordId, usize> =
        order.iter().enumerate().map(|(place, identity)| (&identity.record, place)).collect();
    let ends = |link: &Link| Some((*place.get(&link.left)?, *place.get(&link.right)?));

    let mut forest = Forest::new(order.len());
    for link in links.iter().filter(|link| link.opinion == Opinion::Same) {
        if let Some((left, right)) = ends(link) {
            forest.join(left, right);
        }
    }

    let broken = links.iter().filter(|link| link.opinion == Opinion::Different).filter_map(|link| {
        let (left, right) = ends(link)?;
        (forest.root(left) == forest.root(right)).then_some((link.number, left, right))
    });
    if let Some((judgement, left, right)) = broken.min() {
        let same = links.iter().filter(|link| link.opinion == Opinion::Same).filter_map(ends);
        let chain = chain(same, left, right).into_iter().map(|place| order[place].record.clone()).collect();
        return Err(Conflict { judgement, chain });
    }

    let mut groups: BTreeMap<usize, Vec<&Identity>> = BTreeMap::new();
    for (place, identity) in order.iter().enumerate() {
        groups.entry(forest.root(place)).or_default().push(identity);
    }
    let mut clusters: Vec<Cluster> = groups
        .into_values()
        .filter_map(|members| {
            let id = members.iter().map(|member| member.seniority()).min()?.1;
            Some(Cluster { id, records: members.into_iter().map(|member| member.record.clone()).collect() })
        })
        .collect();
    clusters.sort_by_key(|cluster| cluster.id);
    Ok(clusters)
}

/// Disjoint sets of numbers.
struct Forest {
    parents: Vec<usize>,
}

impl Forest {
    fn new(size: usize) -> Forest {
        Forest { parents: (0..size).collect() }
    }

    fn root(&mut self, mut place: usize) -> usize {
        while self.parents[place] != place {
            self.parents[place] = self.parents[self.parents[place]];
            place = self.parents[place];
        }
        place
    }

    fn join(&mut self, left: usize, right: usize) {
        let (left, right) = (self.root(left), self.root(right));
        self.parents[left.max(right)] = left.min(right);
    }
}

/// A shortest chain of links between two places that some chain joins; neighbours are tried in order.
fn chain(links: impl Iterator<Item = (usize, usize)>, from: usize, to: usize) -> Vec<usize> {
    let mut neighbours: BTreeMap<usize, Vec<usize>> = BTreeMap::new();
    for (left, right) in links {
        neighbours.entry(left).or_default().push(right);
        neighbours.entry(right).or_default().push(left);
    }
    for next in neighbours.values_mut() {
        next.sort_unstable();
    }
    let mut came_from = BTreeMap::from([(from, from)]);
    let mut queue = VecDeque::from([from]);
    while let Some(place) = queue.pop_front() {
        for next in neighbours.get(&place).into_iter().flatten() {
            came_from.entry(*next).or_insert_with(|| {
                queue.push_back(*next);
                place
            });
        }
    }
    let mut chain = vec![to];
    let mut place = to;
    while let Some(before) = came_from.get(&place).copied().filter(|before| *before != place) {
        chain.push(before);
        place = before;
    }
    chain.reverse();
    chain
}
