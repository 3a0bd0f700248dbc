#pragma once

namespace coroom::server {

/// Returns whether a service manager started the server and waits for its notification, as systemd does with
/// Type=notify.
bool is_supervised();

/// Notifies the service manager, if there is one, that the server is ready (sd_notify(3), READY=1).
void notify_ready();

}  // namespace coroom::server
