#pragma once

#include "application/handler_services.hpp"
#include "application/request_context.hpp"

#include <atomic>
#include <cstddef>
#include <memory>
#include <utility>

namespace coroom {
class Application;
}

namespace coroom::detail::application {

/// The application of a handler, and the handler's request until that is released.
class HandlerContext {
 public:
  /// `running` counts the live handlers of the route.
  HandlerContext(Application& of, const HandlerServices& shared,
                 std::shared_ptr<std::atomic<std::size_t>> running, std::unique_ptr<RequestContext> received)
      : application(of), services(shared), request(std::move(received)), running_(std::move(running)) {
    ++*running_;
  }
  HandlerContext(const HandlerContext&) = delete;
  HandlerContext& operator=(const HandlerContext&) = delete;
  ~HandlerContext() { --*running_; }

  Application& application;
  const HandlerServices& services;
  std::unique_ptr<RequestContext> request;  ///< nullptr once it is released

 private:
  std::shared_ptr<std::atomic<std::size_t>> running_;
};

}  // namespace coroom::detail::application
