// Invalid routes. The compiler must reject each with a readable message. The tests compile this file once for
// each -DROUTE=…, and check the message.

#include <coroom/application.hpp>

#include <memory>
#include <string>

class SilentHandler : public coroom::WebSocketHandler {};

class NoHandler {};

class NamedHandler : public coroom::RequestHandler {
 public:
  explicit NamedHandler(std::string name) : name_(std::move(name)) {}

 private:
  std::string name_;
};

class OwningHandler : public coroom::RequestHandler {
 public:
  explicit OwningHandler(std::unique_ptr<int> number) : number_(std::move(number)) {}

 private:
  std::unique_ptr<int> number_;
};

coroom::Route made() {
  return ROUTE;
}
