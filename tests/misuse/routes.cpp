// Routes that can't be: what the compiler says of each is a sentence. The tests compile this file once for
// each -DROUTE=…, and look for it.

#include <coroom/application.hpp>

#include <memory>
#include <string>

class Silent : public coroom::WebSocketHandler {};

class NoHandler {};

class Named : public coroom::RequestHandler {
 public:
  explicit Named(std::string name) : name_(std::move(name)) {}

 private:
  std::string name_;
};

class Owning : public coroom::RequestHandler {
 public:
  explicit Owning(std::unique_ptr<int> number) : number_(std::move(number)) {}

 private:
  std::unique_ptr<int> number_;
};

coroom::Route made() {
  return ROUTE;
}
