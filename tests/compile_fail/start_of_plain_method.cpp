#include "hourglass/client/client.hpp"

// expect: a workflow is named by its run method, and this method is none
class Elsewhere {  // somebody else's workflow, of which only the class is known
public:
    int next();
};

void wrong(const hourglass::Client& client) {
    client.start<&Elsewhere::next>({.id = "order-7"});
}
