#pragma once

#include "http/message.hpp"

#include <coroom/request.hpp>

#include <string>
#include <utility>
#include <vector>

namespace coroom {
class Application;
}

namespace coroom::application {

/// A request and what becomes of it: what a handler knows and makes.
class Exchange {
 public:
  Exchange(Application& of, Request asked, std::vector<std::string> groups);

  Application& application;
  Request request;
  std::vector<std::string> path_arguments;
  Request::Parameters form;  ///< of a body of application/x-www-form-urlencoded
  http::Response response;
  bool finished = false;
};

}  // namespace coroom::application
