#pragma once

#include <coroom/site.hpp>

#include <memory>

namespace coroom::detail {
class BlockingThreads;
}

namespace coroom::detail::application {

/// The services of an application that its handlers use. All shards share them.
struct HandlerServices {
  std::shared_ptr<const Site> site;         ///< nullptr: no static files and no templates
  detail::BlockingThreads* disk = nullptr;  ///< reads files; must outlive all handlers
};

}  // namespace coroom::detail::application
