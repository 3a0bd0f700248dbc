#pragma once

#include "server/server_config.hpp"

#include <coroom/application.hpp>
#include <coroom/clock.hpp>

#include <memory>

namespace coroom::server {

/// The server: an application with the page and the chat, which listens already. Fails if it can't, and says
/// why. `clock` outlives it.
Result<std::unique_ptr<Application>> open_server(const ServerConfig& options, const Clock& clock);

}  // namespace coroom::server
