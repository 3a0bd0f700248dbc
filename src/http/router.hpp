#pragma once

#include "http/message.hpp"

#include <coroom/task.hpp>

#include <functional>
#include <string>
#include <string_view>
#include <vector>

namespace coroom::http {

/// Leads a request to its handler by its path: first the exact ones, then the fallback. A path that is there
/// under other methods answers 405 with Allow; HEAD goes where GET goes.
class Router {
 public:
  using Handler = std::function<task<Reply>(Request)>;

  void add(std::string_view method, std::string_view path, Handler handler);

  /// Answers GET and HEAD for every path that no route has.
  void set_fallback(Handler handler) { fallback_ = std::move(handler); }

  [[nodiscard]] task<Reply> route(Request request) const;

 private:
  struct Route {
    std::string method;
    std::string path;
    Handler handler;
  };

  std::vector<Route> routes_;
  Handler fallback_;
};

}  // namespace coroom::http
