//! A create: reports what is wrong with it, or else creates a job.

use axum::body::Bytes;
use sha2::{Digest, Sha256};
use url::Url;

use super::{
    flaws::{Found, Inspection},
    made::{ClipBuilder, Made},
    order::Order,
    play::{On, Step},
    script::{Create, Refusal},
    service::{JobRequest, Jobs, stepped},
    table::Job,
};
use crate::{
    model::text::hex,
    standin::{
        journal::{Entry, NoteKind},
        reply::{Reply, words},
    },
};

impl Jobs {
    pub(super) fn create(&self, request: JobRequest<'_>, create: &Create, entry: &mut Entry) -> Reply {
        let JobRequest { call, now } = request;
        let order = Order::read(create, call.asked.body);
        for name in &order.ignored {
            entry.note(NoteKind::FieldIgnored, format!("`{name}` is ignored by the API"));
        }
        let (own, file) = (|named: &str| self.film_of(named), |id: &str| self.file(id));
        let (script, catalogue, day) = (&self.script, &*self.catalogue, now.date_naive());
        let made = ClipBuilder { script, catalogue, day, own: &own, file: &file }.make(&order);
        let mut plays = self.plays(call, order.prompt.as_deref(), entry);
        let digest = hex(&Sha256::digest(call.bytes));
        let step = self.with(|table| self.step(table, &plays, On::Create, &digest));
        let values = vec![("model", made.model.clone())];
        if let Some(step) = step.filter(|step| !step.taken) {
            return stepped(step, &values, || Reply::filled(&script.usual.accepted, &values));
        }
        let has_file = |id: &str| self.file(id).is_some();
        let inspection =
            Inspection { create, catalogue, day, order: &order, made: &made, has_file: &has_file };
        let flaws = inspection.flaws(call);
        if let Some(refused) = self.refused((&order, &made), &flaws, &mut plays, entry) {
            return refused;
        }
        self.take(request, (order, made), (plays, step), entry)
    }

    /// The answer to a create with flaws, if it is refused. Other consequences are played or noted.
    fn refused(
        &self,
        (order, made): (&Order, &Made),
        flaws: &[Found],
        plays: &mut Vec<usize>,
        entry: &mut Entry,
    ) -> Option<Reply> {
        let on = |refusal: &Refusal| {
            let mut played = refusal.plays.iter().filter_map(|id| self.script.play(id));
            let meant = refusal.modes.is_empty() || refusal.modes.contains(&order.mode);
            meant && (refusal.plays.is_empty() || played.any(|place| plays.contains(&place)))
        };
        let applying: Vec<&Refusal> = self.script.refusal.iter().filter(|refusal| on(refusal)).collect();
        let mut ends = None;
        for refusal in applying {
            let Some((_, values)) = flaws.iter().find(|(flaw, _)| *flaw == refusal.when) else { continue };
            let more = [("model", made.model.clone()), ("mode", order.mode.to_string())];
            let values: Vec<_> = values.iter().cloned().chain(more).collect();
            if let Some(reply) = &refusal.reply {
                return Some(Reply::filled(reply, &values));
            }
            if let Some(says) = &refusal.disputed {
                entry.note(NoteKind::Disputed, words(says, &values));
            }
            ends = ends.or_else(|| self.script.play(refusal.ends.as_ref()?));
        }
        // What was asked for by name comes before what follows from the order.
        plays.extend(ends);
        entry.plays.extend(ends.and_then(|place| self.script.play.get(place)).map(|play| play.id.clone()));
        None
    }

    fn file(&self, id: &str) -> Option<Bytes> {
        self.with(|table| table.file(id).map(|file| file.bytes.clone()))
    }

    /// Accepts a job and says so, or does what the step says.
    fn take(
        &self,
        request: JobRequest<'_>,
        (order, made): (Order, Made),
        (plays, step): (Vec<usize>, Option<&Step>),
        entry: &mut Entry,
    ) -> Reply {
        let billed = self.ending(&plays).is_some_and(|(_, ending)| ending.bills);
        if let Some(to) = &order.upload {
            let host = Url::parse(to).ok().and_then(|url| url.host_str().map(str::to_owned));
            let host = host.unwrap_or_else(|| "a place that is no URL".to_owned());
            entry.note(
                NoteKind::NothingSent,
                format!("the clip was to be sent to {host}; the stand-in sends nothing"),
            );
        }
        entry.notes.extend(made.notes.iter().cloned());
        entry.cost_in_usd_ticks = Some(if billed { made.ticks } else { 0 });
        entry.taken = true;
        let uploaded = order.upload.is_some();
        let job = Job { made, plays, accepted: request.now, polls: 0, ended: None, billed, uploaded };
        let values = |id: &str| vec![("request_id", id.to_owned()), ("model", job.made.model.clone())];
        let id = self.with(|table| table.take(job.clone(), self.seed));
        let values = values(&id);
        entry.job = Some(id);
        let usual = || Reply::filled(&self.script.usual.accepted, &values);
        step.map_or_else(usual, |step| stepped(step, &values, usual))
    }
}
