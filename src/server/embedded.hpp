#pragma once

#include <coroom/assets.hpp>

#include <span>

namespace coroom::server {

/// The web client that the build put into the binary; empty where it was built without one (COROOM_WEB=OFF).
std::span<const EmbeddedFile> embedded_files();

}  // namespace coroom::server
