// A library without a workflow.
int no_workflow() {
    return 0;
}
