//! Reads the entropy-coded data of a JPEG block by block (<https://www.w3.org/Graphics/JPEG/itu-t81.pdf>, 1992-09,
//! annexes F and G). Only the length of each code matters, and which coefficients aren't zero, so no picture is
//! decoded.

/// Why a walk ended early.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Stop {
    /// The data ended before the picture did.
    Short,
    /// The data contains something impossible.
    Damaged(&'static str),
    /// Nothing here can read it.
    Unread(&'static str),
}

const CODE: Stop = Stop::Damaged("its data is invalid");

/// One colour of a picture.
pub(super) struct Component {
    pub(super) id: u8,
    /// Blocks in one unit of an interleaved scan, across and down.
    pub(super) across: u32,
    pub(super) down: u32,
    /// Blocks in a non-interleaved scan, across and down.
    pub(super) blocks: (u32, u32),
    /// Blocks in one line of blocks.
    pub(super) stride: u32,
    /// Which coefficients of each block aren't zero: how a progressive scan is read depends on earlier scans.
    pub(super) known: Vec<u64>,
    /// Which coefficients are complete.
    pub(super) complete: u64,
}

/// Bytes, and the bits between two markers.
pub(super) struct Source<I> {
    bytes: I,
    held: u8,
    left: u8,
    marker: Option<u8>,
}

impl<I: Iterator<Item = u8>> Source<I> {
    pub(super) fn new(bytes: I) -> Self {
        Self { bytes, held: 0, left: 0, marker: None }
    }

    fn next(&mut self) -> Result<u8, Stop> {
        self.bytes.next().ok_or(Stop::Short)
    }

    /// The next marker; skips whatever is before it.
    pub(super) fn marker(&mut self) -> Result<u8, Stop> {
        self.left = 0;
        if let Some(marker) = self.marker.take() {
            return Ok(marker);
        }
        loop {
            while self.next()? != 0xff {}
            let mut byte = 0xff;
            while byte == 0xff {
                byte = self.next()?;
            }
            if byte != 0 {
                return Ok(byte);
            }
        }
    }

    /// The content of a segment.
    pub(super) fn segment(&mut self) -> Result<Vec<u8>, Stop> {
        let length = usize::from(u16::from_be_bytes([self.next()?, self.next()?]));
        let length = length.checked_sub(2).ok_or(Stop::Damaged("a part of it has no length"))?;
        let segment: Vec<u8> = self.bytes.by_ref().take(length).collect();
        if segment.len() == length { Ok(segment) } else { Err(Stop::Short) }
    }

    fn bit(&mut self) -> Result<u32, Stop> {
        if self.left == 0 {
            if self.marker.is_some() {
                return Err(Stop::Short);
            }
            self.held = self.next()?;
            while self.held == 0xff {
                match self.next()? {
                    0 => break,
                    0xff => {}
                    marker => {
                        self.marker = Some(marker);
                        return Err(Stop::Short);
                    }
                }
            }
            self.left = 8;
        }
        self.left -= 1;
        Ok(u32::from(self.held >> self.left & 1))
    }

    fn bits(&mut self, count: u8) -> Result<u32, Stop> {
        (0..count).try_fold(0, |all, _| Ok(all << 1 | self.bit()?))
    }
}

/// Codes of growing length, and what they stand for.
#[derive(Clone)]
pub(super) struct Table {
    counts: [u8; 16],
    values: Vec<u8>,
}

impl Table {
    /// Reads one table, and returns the bytes after it.
    pub(super) fn read(segment: &[u8]) -> Option<(Self, &[u8])> {
        let (counts, rest) = segment.split_first_chunk::<16>()?;
        let number = counts.iter().copied().map(usize::from).sum();
        let (values, rest) = rest.split_at_checked(number)?;
        Some((Self { counts: *counts, values: values.to_vec() }, rest))
    }

    fn value(&self, source: &mut Source<impl Iterator<Item = u8>>) -> Result<u8, Stop> {
        let (mut code, mut first, mut at) = (0_u32, 0_u32, 0_u32);
        for count in self.counts {
            code = code << 1 | source.bit()?;
            let count = u32::from(count);
            if code < first + count {
                let place = (at + code).checked_sub(first).and_then(|place| usize::try_from(place).ok());
                return place.and_then(|place| self.values.get(place).copied()).ok_or(CODE);
            }
            at += count;
            first = (first + count) << 1;
        }
        Err(CODE)
    }
}

/// A component of a scan by its position, with its tables for the first and for the other coefficients.
pub(super) type Member = (usize, Option<Table>, Option<Table>);

/// One pass over the picture.
pub(super) struct Scan {
    pub(super) progressive: bool,
    /// The first coefficient in this pass.
    pub(super) first: u8,
    pub(super) last: u8,
    /// Whether it refines known coefficients.
    pub(super) refines: bool,
    /// Units between two restarts; 0 for none.
    pub(super) restart: u32,
    pub(super) units: (u32, u32),
}

impl Scan {
    /// Walks through all blocks of the scan.
    pub(super) fn walk(
        &self,
        source: &mut Source<impl Iterator<Item = u8>>,
        components: &mut [Component],
        members: &[Member],
    ) -> Result<(), Stop> {
        let alone = match members {
            [(at, ..)] => components.get(*at).map(|one| one.blocks),
            _ => None,
        };
        let (across, down) = alone.unwrap_or(self.units);
        let mut skip = 0;
        for unit in 0..across * down {
            if self.restart > 0 && unit > 0 && unit % self.restart == 0 {
                skip = 0;
                if source.marker()? != 0xd0 | u8::try_from((unit / self.restart - 1) % 8).unwrap_or_default()
                {
                    return Err(Stop::Damaged("its restart markers are out of order"));
                }
            }
            let (x, y) = (unit % across, unit / across);
            for (at, dc, ac) in members {
                let component = components.get_mut(*at).ok_or(CODE)?;
                let tables = (dc.as_ref(), ac.as_ref());
                let (wide, high) = if alone.is_some() { (1, 1) } else { (component.across, component.down) };
                for block in 0..wide * high {
                    let (x, y) = (x * wide + block % wide, y * high + block / wide);
                    let place = y as usize * component.stride as usize + x as usize;
                    let mut unused = 0;
                    let known = component.known.get_mut(place).unwrap_or(&mut unused);
                    self.block(source, tables, known, &mut skip)?;
                }
            }
        }
        Ok(())
    }

    fn block(
        &self,
        source: &mut Source<impl Iterator<Item = u8>>,
        (dc, ac): (Option<&Table>, Option<&Table>),
        known: &mut u64,
        skip: &mut u32,
    ) -> Result<(), Stop> {
        const TABLE: Stop = Stop::Damaged("a table is missing");
        match (self.first, self.refines) {
            (0, true) => drop(source.bit()?),
            (0, false) => {
                let length = dc.ok_or(TABLE)?.value(source)?;
                source.bits(if length > 16 { return Err(CODE) } else { length })?;
                if !self.progressive {
                    self.coefficients(source, ac.ok_or(TABLE)?, (1, known), skip)?;
                }
            }
            (first, false) => self.coefficients(source, ac.ok_or(TABLE)?, (first, known), skip)?,
            (_, true) => self.refined(source, ac.ok_or(TABLE)?, known, skip)?,
        }
        Ok(())
    }

    fn coefficients(
        &self,
        source: &mut Source<impl Iterator<Item = u8>>,
        table: &Table,
        (mut at, known): (u8, &mut u64),
        skip: &mut u32,
    ) -> Result<(), Stop> {
        if *skip > 0 {
            *skip -= 1;
            return Ok(());
        }
        while at <= self.last {
            let value = table.value(source)?;
            let (zeros, length) = (value >> 4, value & 15);
            match (zeros, length) {
                (15, 0) => at += 16,
                (0, 0) => break,
                (run, 0) if self.progressive => {
                    *skip = (1 << run) - 1 + source.bits(run)?;
                    break;
                }
                // A sequential picture has no runs of blocks.
                (_, 0) => return Err(CODE),
                _ => {
                    at += zeros;
                    if at > self.last {
                        return Err(CODE);
                    }
                    source.bits(length)?;
                    *known |= 1 << at;
                    at += 1;
                }
            }
        }
        Ok(())
    }

    /// Each coefficient that isn't zero yet gets one more bit, and some become non-zero.
    fn refined(
        &self,
        source: &mut Source<impl Iterator<Item = u8>>,
        table: &Table,
        known: &mut u64,
        skip: &mut u32,
    ) -> Result<(), Stop> {
        let mut at = self.first;
        while *skip == 0 && at <= self.last {
            let value = table.value(source)?;
            let (mut zeros, length) = (value >> 4, value & 15);
            match length {
                0 if zeros < 15 => {
                    *skip = (1 << zeros) + source.bits(zeros)?;
                    break;
                }
                0 => {}
                1 => drop(source.bit()?),
                _ => return Err(CODE),
            }
            while at <= self.last {
                if *known >> at & 1 == 1 {
                    source.bit()?;
                } else if zeros == 0 {
                    break;
                } else {
                    zeros -= 1;
                }
                at += 1;
            }
            if length == 1 {
                if at > self.last {
                    return Err(CODE);
                }
                *known |= 1 << at;
            }
            at += 1;
        }
        if *skip > 0 {
            while at <= self.last {
                if *known >> at & 1 == 1 {
                    source.bit()?;
                }
                at += 1;
            }
            *skip -= 1;
        }
        Ok(())
    }
}
