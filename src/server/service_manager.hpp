#pragma once

namespace coroom::server {

/// Whether a service manager started the server and waits to be notified, as systemd does with Type=notify.
bool is_supervised();

/// Notifies the service manager, if there is one, that the server is up (sd_notify(3), READY=1).
void notify_ready();

}  // namespace coroom::server
