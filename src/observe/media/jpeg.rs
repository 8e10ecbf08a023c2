//! Whether a JPEG continues to its last block and its end marker: walked through without decoding a picture.

use std::io::BufRead;

use super::entropy::{Component, Scan, Source, Stop, Table};
use crate::model::media::Whole;

/// More scans than any program writes; each walks through the whole picture again.
const MOST_SCANS: u32 = 200;

/// Walks from marker to marker and from block to block. Data that cameras append after the end does not matter.
pub(super) fn whole(content: impl BufRead) -> Whole {
    let mut picture = Picture::default();
    let mut source = Source::new(content.bytes().map_while(Result::ok));
    match picture.walk(&mut source) {
        Ok(()) => Whole::Yes,
        Err(Stop::Short) => Whole::No("the file is cut short".to_owned()),
        Err(Stop::Damaged(why)) => Whole::No(format!("the file is damaged: {why}")),
        Err(Stop::Unread(why)) => Whole::Unknown(why.to_owned()),
    }
}

/// What has been read of a picture so far.
#[derive(Default)]
struct Picture {
    progressive: bool,
    components: Vec<Component>,
    /// Blocks of its largest component, across and down in one unit of an interleaved scan.
    most: (u32, u32),
    /// Units of an interleaved scan, across and down.
    units: (u32, u32),
    dc: [Option<Table>; 4],
    ac: [Option<Table>; 4],
    restart: u32,
    scans: u32,
}

impl Picture {
    fn walk(&mut self, source: &mut Source<impl Iterator<Item = u8>>) -> Result<(), Stop> {
        loop {
            match source.marker()? {
                0xd9 => return self.end(),
                // The start, restarts and markers without a length.
                0x01 | 0xd0..=0xd8 => {}
                0xc0..=0xc2 if !self.components.is_empty() => {
                    return Err(Stop::Unread("several images in one file"));
                }
                kind @ 0xc0..=0xc2 => self.frame(&source.segment()?, kind == 0xc2)?,
                0xc4 => self.tables(&source.segment()?)?,
                0xc3 | 0xc5..=0xc7 | 0xc9..=0xcf | 0xdc | 0xde | 0xdf => {
                    return Err(Stop::Unread("a kind of JPEG that greenlight does not read"));
                }
                0xdd => match source.segment()?.as_slice() {
                    [high, low, ..] => self.restart = u32::from(u16::from_be_bytes([*high, *low])),
                    _ => return Err(Stop::Damaged("its restart markers are invalid")),
                },
                0xda => self.scan(source)?,
                _ => drop(source.segment()?),
            }
        }
    }

    /// Every coefficient of every component must be complete.
    fn end(&self) -> Result<(), Stop> {
        let all = !self.components.is_empty() && self.components.iter().all(|one| one.complete == u64::MAX);
        if all { Ok(()) } else { Err(Stop::Damaged("it ends too early")) }
    }

    fn frame(&mut self, segment: &[u8], progressive: bool) -> Result<(), Stop> {
        const ODD: Stop = Stop::Damaged("its frame header is invalid");
        let [_, h1, h0, w1, w0, count, rest @ ..] = segment else { return Err(ODD) };
        let (height, width) = (u16::from_be_bytes([*h1, *h0]), u16::from_be_bytes([*w1, *w0]));
        let listed: Vec<_> = rest.chunks_exact(3).take((*count).into()).collect();
        if height == 0 {
            return Err(Stop::Unread("a JPEG that states its height at its end"));
        }
        if width == 0 || listed.is_empty() || listed.len() != usize::from(*count) || listed.len() > 4 {
            return Err(ODD);
        }
        let mut shapes = Vec::new();
        for one in listed {
            let [id, sampling, _] = one else { return Err(ODD) };
            let (across, down) = (u32::from(sampling >> 4), u32::from(sampling & 15));
            if !(1..=4).contains(&across) || !(1..=4).contains(&down) {
                return Err(ODD);
            }
            shapes.push((*id, across, down));
        }
        let most = |pick: fn(&(u8, u32, u32)) -> u32| shapes.iter().map(pick).max().unwrap_or(1);
        self.most = (most(|shape| shape.1), most(|shape| shape.2));
        self.units =
            (u32::from(width).div_ceil(8 * self.most.0), u32::from(height).div_ceil(8 * self.most.1));
        self.progressive = progressive;
        let own = |side: u16, part: u32, most: u32| (u32::from(side) * part).div_ceil(most).div_ceil(8);
        for (id, across, down) in shapes {
            let blocks = (own(width, across, self.most.0), own(height, down, self.most.1));
            let room = (self.units.0 * across) as usize * (self.units.1 * down) as usize;
            let known = if progressive { vec![0; room] } else { Vec::new() };
            self.components.push(Component {
                id,
                across,
                down,
                blocks,
                stride: self.units.0 * across,
                known,
                complete: 0,
            });
        }
        Ok(())
    }

    fn tables(&mut self, mut segment: &[u8]) -> Result<(), Stop> {
        while let [place, rest @ ..] = segment {
            let (table, rest) = Table::read(rest).ok_or(Stop::Damaged("its tables are invalid"))?;
            let tables = if place >> 4 == 0 { &mut self.dc } else { &mut self.ac };
            *tables.get_mut(usize::from(place & 15)).ok_or(Stop::Damaged("its tables are invalid"))? =
                Some(table);
            segment = rest;
        }
        Ok(())
    }

    fn scan(&mut self, source: &mut Source<impl Iterator<Item = u8>>) -> Result<(), Stop> {
        const ODD: Stop = Stop::Damaged("one of its scans is invalid");
        self.scans += 1;
        if self.scans > MOST_SCANS {
            return Err(Stop::Unread("a JPEG with more scans than greenlight reads"));
        }
        let segment = source.segment()?;
        let [count, rest @ ..] = segment.as_slice() else { return Err(ODD) };
        let count = usize::from(*count);
        let (listed, [first, last, precision, ..]) = rest.split_at_checked(count * 2).ok_or(ODD)? else {
            return Err(ODD);
        };
        let (first, last) = if self.progressive { (*first, *last) } else { (0, 63) };
        let (before, now) = if self.progressive { (precision >> 4, precision & 15) } else { (0, 0) };
        if first > last || last > 63 || (first == 0 && last > 0 && self.progressive) {
            return Err(ODD);
        }
        let mut members = Vec::new();
        for one in listed.chunks_exact(2) {
            let [id, places] = one else { return Err(ODD) };
            let at = self.components.iter().position(|own| own.id == *id).ok_or(ODD)?;
            let table = |tables: &[Option<Table>; 4], place: u8| tables.get(usize::from(place))?.clone();
            members.push((at, table(&self.dc, places >> 4), table(&self.ac, places & 15)));
        }
        if members.is_empty() || (members.len() > 1 && first > 0) {
            return Err(ODD);
        }
        let scan = Scan {
            progressive: self.progressive,
            first,
            last,
            refines: before > 0,
            restart: self.restart,
            units: self.units,
        };
        scan.walk(source, &mut self.components, &members)?;
        if now == 0 {
            let came = u64::MAX >> (63 - (last - first)) << first;
            for (at, ..) in &members {
                if let Some(one) = self.components.get_mut(*at) {
                    one.complete |= came;
                }
            }
        }
        Ok(())
    }
}
