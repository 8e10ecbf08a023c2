//! Runs a client once: with the stand-in's address and keys, for a limited time, together with all its child processes.

use std::{ffi::OsString, io, process::Stdio, time::Duration};

use tokio::{
    io::{AsyncRead, AsyncReadExt as _},
    process::{Child, Command},
};

use super::{Examiner, Ran};
use crate::standin::Running;

/// How much of a client's output is kept, in bytes.
const KEPT: u64 = 1 << 20;

impl Examiner {
    /// Runs a client against a stand-in, for `patience` at most; if it still runs then, it is killed together with the
    /// processes it started.
    ///
    /// # Errors
    /// [`io::Error`] when it can't be started.
    pub async fn run(&self, client: &[OsString], patience: Duration, running: &Running) -> io::Result<Ran> {
        let (name, rest) = client.split_first().ok_or(io::ErrorKind::NotFound)?;
        let mut command = Command::new(name);
        command.args(rest).stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped());
        #[cfg(unix)]
        command.process_group(0);
        if let Some(base) = running.base_url() {
            command.envs(self.base_env().iter().map(|name| (name, base.as_str())));
        }
        command.envs(running.keys.iter().map(|key| (&key.env, &key.value)));
        // A proxy must not come between a program and its own machine.
        command.envs(["NO_PROXY", "no_proxy"].map(|name| (name, "127.0.0.1,localhost")));
        let mut group = Group::of(command.kill_on_drop(true).spawn()?);
        let child = &mut group.child;
        let (mut out, mut err) = (Vec::new(), Vec::new());
        let (from_out, from_err) = (child.stdout.take(), child.stderr.take());
        let ended = tokio::time::timeout(patience, async {
            let ((), (), status) =
                tokio::join!(read(from_out, &mut out), read(from_err, &mut err), child.wait());
            status
        });
        let ended = ended.await;
        let in_time = ended.is_ok();
        let code = ended.ok().transpose()?.and_then(|status| status.code());
        let output = [out, err].concat();
        Ok(Ran { code, in_time, output: String::from_utf8_lossy(&output).into_owned() })
    }
}

/// A process and everything it starts: they end together.
struct Group {
    child: Child,
    #[cfg(unix)]
    leader: Option<rustix::process::Pid>,
}

impl Group {
    fn of(child: Child) -> Self {
        Self {
            #[cfg(unix)]
            leader: child.id().and_then(|id| rustix::process::Pid::from_raw(id.cast_signed())),
            child,
        }
    }
}

impl Drop for Group {
    fn drop(&mut self) {
        #[cfg(unix)]
        if let Some(leader) = self.leader {
            // It is no failure if all of them have ended already.
            let _ = rustix::process::kill_process_group(leader, rustix::process::Signal::KILL);
        }
    }
}

/// Reads a stream to its end, and ignores an error at which it breaks off. Only its beginning is kept.
async fn read(from: Option<impl AsyncRead + Unpin>, into: &mut Vec<u8>) {
    let Some(from) = from else { return };
    let mut kept = from.take(KEPT);
    drop(kept.read_to_end(into).await);
    drop(tokio::io::copy(&mut kept.into_inner(), &mut tokio::io::sink()).await);
}
