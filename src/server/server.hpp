#pragma once

#include "server/server_config.hpp"

#include <coroom/application.hpp>
#include <coroom/clock.hpp>

#include <memory>

namespace coroom::server {

/// Returns the server: a listening application with the page and the chat. The error explains why it cannot
/// start. `clock` outlives it.
Result<std::unique_ptr<Application>> open_server(const ServerConfig& options, const Clock& clock);

}  // namespace coroom::server
