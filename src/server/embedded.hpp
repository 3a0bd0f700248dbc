#pragma once

#include <coroom/assets.hpp>

#include <span>

namespace coroom::server {

/// Returns the web client in the binary; empty if it was built without one (COROOM_WEB=OFF).
std::span<const EmbeddedFile> embedded_files();

}  // namespace coroom::server
